import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_, aws_lambda_event_sources as sources, aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions, aws_sqs as sqs


class Invoicing(cdk.Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        dead_letters = sqs.Queue(self, "DeadLetters")
        queue = sqs.Queue(
            self, "Invoices", visibility_timeout=cdk.Duration.seconds(60),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=2),
        )
        topic = sns.Topic(self, "Orders")
        topic.add_subscription(subscriptions.SqsSubscription(queue, raw_message_delivery=True))
        invoicer = lambda_.Function(
            self, "Invoicer", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handler", timeout=cdk.Duration.seconds(10),
            code=lambda_.Code.from_asset("src"),
        )
        invoicer.add_event_source(sources.SqsEventSource(queue, report_batch_item_failures=True))


app = cdk.App(analytics_reporting=False)
Invoicing(app, "Invoicing")
app.synth()
