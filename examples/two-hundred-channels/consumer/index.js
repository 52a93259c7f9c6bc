exports.handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    try {
      const { document } = JSON.parse(body);
      if (typeof document !== 'string') throw new TypeError('a message must have a document');
      console.log(`Took ${document}`);
    } catch (error) {
      console.error(error.message);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
