// Writes order events, one JSON object a line, as a shop would send them: examples/orders.ndjson, or others like it.
// node scripts/sample-orders.mjs [--count 600] [--seed 2026] [--out examples/orders.ndjson]
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './set-up.mjs';

/** Currencies with the decimal places that their prices have. */
const CURRENCIES = {
  EUR: 2, USD: 2, GBP: 2, CHF: 2, SEK: 2, PLN: 2, JPY: 0, KRW: 0, INR: 2, THB: 2, ILS: 2, AED: 2, KWD: 3, BRL: 2,
};

/** Invented people and places, in the scripts that a shop meets. */
const PEOPLE = [
  ['Solveiga Brünnstråd', 'Ærøvej 7', 'Nørrestrand', 'DK', 'SEK'],
  ['Żelisława Wrzoścień', 'ul. Źródlana 12/4', 'Łąkowiec', 'PL', 'PLN'],
  ['Ignaçio Peñalvão', 'Rua do Açúcar 31', 'São Telmo', 'BR', 'BRL'],
  ['Maëlys Hautbœuf', 'allée des Chênes 3', 'Crèvecœur-sur-Lys', 'FR', 'EUR'],
  ['Tibald Quillfeather', '14 Saltmarsh Row', 'Upper Wickering', 'GB', 'GBP'],
  ['Orla “Pip” 🦊 Fennimore', '900 Juniper Loop', 'Cedar Hollow', 'US', 'USD'],
  ['Urs Gämsenhüsli', 'Bärgässli 2', 'Oberrötibach', 'CH', 'CHF'],
  ['Звенислава Лугодольская', 'Ёлочный переулок, 5', 'Верхнеснежинск', 'KZ', 'EUR'],
  ['Ευρυάλη Λιθοκήπου', 'Οδός Ανεμώνης 18', 'Νέα Αλκυόνη', 'GR', 'EUR'],
  ['نجمان البحراني', 'شارع النخيل ١٢', 'واحة الغدير', 'AE', 'AED'],
  ['ريحانة الساحلي', 'شارع اللؤلؤ ٤', 'مرفأ السدر', 'KW', 'KWD'],
  ['אורלית נוף־גלים', 'רחוב השקד 9', 'גבעת הרוח', 'IL', 'ILS'],
  ['星凪 ゆずは', '風鈴町3丁目2-1', '月見ヶ浦', 'JP', 'JPY'],
  ['구름솔 하나린', '달빛로 27', '은하리', 'KR', 'KRW'],
  ['云栖 小棠', '听雨路88号', '青竹镇', 'SG', 'USD'],
  ['तारकेशी मेघवन', 'चंदन मार्ग 41', 'नीलकमलपुर', 'IN', 'INR'],
  ['ฟ้าคราม ใจตะวัน', 'ซอยดอกปีบ 6', 'บ้านธารเมฆ', 'TH', 'THB'],
];

const PRODUCTS = [
  ['MUG-ENM', 'Enamel mug', 1250], ['LAMP-DSK', 'Desk lamp “Północ”', 4990], ['TEA-GRN', '緑茶 (100 g)', 890],
  ['RUG-WOL', 'Wollteppich 140 × 200 cm', 18_900], ['OIL-OLV', 'Ελαιόλαδο 500 ml', 1390], ['BOOK-PTT', 'Книга узоров', 2400],
  ['SPC-MIX', 'मसाला डिब्बा', 1100], ['SCRF-SLK', 'وشاح حرير', 5600], ['CNDL-HNY', 'נר דבש', 750],
  ['BOWL-CEL', '청자 그릇', 3300], ['FAN-BMB', 'พัดไม้ไผ่', 680], ['PEN-BRS', 'Brush pen 🖌️', 420],
  ['CBL-USB', 'Cable, USB-C "to" USB-C, 2 m', 999], ['STKR-FRE', 'Sticker (free)', 0], ['CHR-OAK', 'Chaise en chêne', 12_500],
  ['SOAP-LVD', 'Sapone \\ lavanda', 560],
];

const NOTES = [
  'Please ring twice.\nThe bell is behind the door.', 'Cadeau — emballez-le, s’il vous plaît 🎁', 'Оставьте у соседки, спасибо!',
  'Παρακαλώ μετά τις έξι', 'يرجى الاتصال قبل التسليم', 'נא להשאיר ליד הדלת', '置き配でお願いします', '请勿折叠 📦', 'दोपहर के बाद दें',
  'ฝากไว้กับยามได้เลย', 'Tab\there, quote " there, backslash \\ too', '👩‍👩‍👧‍👦 family order 🏳️‍🌈', 'Gruß & Kuß <3',
];

/** Of each 1,000 lines, about; the rest are orders placed. */
const SHARES = { OrderCancelled: 60, OrderReturned: 35, OrderViewed: 25, OrderTracked: 15 };

/** Why an order that was placed before is given back. */
const REASONS = { OrderCancelled: ['customer', 'payment', null], OrderReturned: ['size', 'damaged', 'défaut', ''] };

/** Orders that must be there before one is given back. */
const FEWEST_OPEN = 5;

/** What a consumer must reject. Each makes a line of a good order, and none is routed away by its event type. */
const REJECTS = [
  (order) => JSON.stringify({ ...order, total: 'not a number' }),
  (order) => JSON.stringify({ ...order, total: -order.total - 1 }),
  (order) => withItem(order, { quantity: -2 }),
  (order) => JSON.stringify(order).slice(0, 120),
  () => 'Hello, where is my parcel?',
  ({ orderId }) => `<?xml version="1.0" encoding="UTF-8"?><order id="${orderId}"><total>12.50</total></order>`,
  (order) => JSON.stringify({ ...order, eventType: 'OrderTeleported' }),
  ({ orderId: _, ...order }) => JSON.stringify(order),
  (order) => JSON.stringify({ ...order, items: [], total: 0, discount: undefined }),
  (order) => JSON.stringify({ ...order, currency: 'ZZZ' }),
  (order) => JSON.stringify([order.orderId, order.total]),
  () => '42',
  (order) => withItem(order, { quantity: '3' }),
  (order) => JSON.stringify({ ...order, total: order.total + 100 }),
  (order) => JSON.stringify({ ...order, placedAt: 'yesterday' }),
];
const LINES_PER_REJECT = 40;

/** Close to the 262,144 bytes that SNS allows a message with its attributes. */
const LARGE_LINE_BYTES = 250_000;

const withItem = (order, changed) => JSON.stringify({ ...order, items: [{ ...order.items[0], ...changed }, ...order.items.slice(1)] });

function kindAt(perThousand) {
  let rest = perThousand;
  for (const [kind, share] of Object.entries(SHARES)) {
    if (rest < share) return kind;
    rest -= share;
  }
  return 'OrderPlaced';
}

function sampleOrders({ count, seed }) {
  const generator = xoroshiro128plus(seed);
  const integer = (below) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * below);
  const pick = (list) => list[integer(list.length)];
  const chance = (perThousand) => integer(1000) < perThousand;
  const customers = Array.from({ length: Math.max(1, Math.ceil(count / 5)) }, (_, index) => ({
    customerId: `C-${String(10_000 + index)}`, person: PEOPLE[index % PEOPLE.length],
  }));
  let now = Date.UTC(2026, 0, 5, 6);

  const item = (decimals) => {
    const [sku, name, cents] = pick(PRODUCTS);
    // Prices in whole minor units: a decimal fraction that JSON carries as it is written.
    const unit = decimals === 0 ? cents : Math.round(cents * (0.8 + integer(40) / 100) * 10 ** (decimals - 2));
    return {
      minor: unit,
      item: {
        sku: `${sku}-${10 + integer(90)}`, name,
        quantity: 1 + (chance(200) ? integer(24) : integer(3)), unitPrice: unit / 10 ** decimals,
        ...(chance(150) && { options: { giftWrap: chance(500), engraving: chance(300) ? pick(PEOPLE)[0] : null } }),
      },
    };
  };

  const optional = (value) => {
    const form = integer(10);
    if (form < 6) return value;
    return form < 8 ? null : undefined;
  };

  const place = (number) => {
    const { customerId, person: [name, street, city, country, currency] } = pick(customers);
    const decimals = CURRENCIES[currency];
    const positions = Array.from({ length: chance(80) ? 1 + integer(12) : 1 + integer(4) }, () => item(decimals));
    const sum = positions.reduce((total, { minor, item: { quantity } }) => total + minor * quantity, 0);
    const discount = chance(180) ? Math.floor(sum / 10) : undefined;
    now += 1000 + integer(90_000);
    return {
      orderId: `O-${seed}-${String(number).padStart(6, '0')}`,
      eventType: 'OrderPlaced',
      customerId,
      placedAt: new Date(now).toISOString(),
      currency,
      items: positions.map((position) => position.item),
      ...(discount !== undefined && { discount: discount / 10 ** decimals }),
      total: (sum - (discount ?? 0)) / 10 ** decimals,
      shippingAddress: optional({ name, street, city, postalCode: optional(String(1000 + integer(90_000))), country }),
      note: chance(80) ? '' : optional(pick(NOTES)),
      ...(chance(100) && { tags: [] }),
    };
  };

  const large = (number) => {
    const order = { ...place(number), note: '' };
    const parts = [];
    let bytes = Buffer.byteLength(JSON.stringify(order));
    for (;;) {
      const part = `${NOTES[parts.length % NOTES.length]} · `;
      bytes += Buffer.byteLength(JSON.stringify(part)) - '""'.length;
      if (bytes > LARGE_LINE_BYTES) return JSON.stringify({ ...order, note: parts.join('') });
      parts.push(part);
    }
  };

  const open = [];
  const giveBack = (eventType) => {
    const [order] = open.splice(integer(open.length), 1);
    return JSON.stringify({ ...order, eventType, reason: pick(REASONS[eventType]) });
  };

  const events = {};
  const lines = [];
  const write = (kind, line) => {
    lines.push(line);
    events[kind] = (events[kind] ?? 0) + 1;
  };
  const largeLine = Math.floor(count * 0.4);
  let rejects = 0;
  for (let number = 1; number <= count; number++) {
    if (number === largeLine) {
      write('OrderPlaced', large(number));
      continue;
    }
    if (number % LINES_PER_REJECT === Math.floor(LINES_PER_REJECT / 2)) {
      write('rejected', REJECTS[rejects++ % REJECTS.length](place(number)));
      continue;
    }
    const kind = kindAt(integer(1000));
    if (REASONS[kind] && open.length > FEWEST_OPEN) write(kind, giveBack(kind));
    else if (kind in SHARES && !REASONS[kind]) write(kind, JSON.stringify({ ...place(number), eventType: kind }));
    else {
      open.push(place(number));
      write('OrderPlaced', JSON.stringify(open.at(-1)));
    }
  }
  return { text: lines.map((line) => `${line}\n`).join(''), events };
}

function wholeNumber(name, text, maximum) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > maximum) {
    throw new RangeError(`'--${name}' must be a whole number from 1 to ${maximum}, got ${text}`);
  }
  return value;
}

try {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '600' },
      seed: { type: 'string', default: '2026' },
      out: { type: 'string', default: join(root, 'examples/orders.ndjson') },
    },
  });
  const count = wholeNumber('count', values.count, 1_000_000);
  const { text, events } = sampleOrders({ count, seed: wholeNumber('seed', values.seed, 2 ** 31 - 1) });
  writeFileSync(values.out, text);
  console.log(JSON.stringify({ file: values.out, lines: count, bytes: Buffer.byteLength(text), events }));
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
