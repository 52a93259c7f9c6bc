exports.handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    const { name, address } = JSON.parse(body);
    if (address) console.log(`Welcome, ${name} <${address}>`);
    else batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
};
