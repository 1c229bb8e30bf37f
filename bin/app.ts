import { App } from 'aws-cdk-lib';
import { ENVIRONMENTS } from '../lambda/names';
import { addEnvironment } from '../lib/medical-codes';
import { environmentConfig } from '../lib/environments';

const app = new App();
for (const name of ENVIRONMENTS) addEnvironment(app, environmentConfig(name, process.env));
app.synth();
