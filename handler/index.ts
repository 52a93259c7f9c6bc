export * from './consumer';
export * from './malformed-message-error';
export * from './sqs-event';
