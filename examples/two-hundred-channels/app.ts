import { App } from 'aws-cdk-lib';
import { addChannels } from './add-channels';
import { twoHundredChannels } from './channels';

addChannels(new App(), twoHundredChannels);
