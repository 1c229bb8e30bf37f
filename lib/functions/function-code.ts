import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { resolve } from 'node:path';
import type { FunctionName } from '../../lambda/names/functions';
import { bundleFunction } from './bundle';

const SOURCES = resolve(__dirname, '../../lambda');

/**
 * The bundled code of a function as an asset. Its hash is that of the bundle, so that a function is deployed
 * again when its code changed, through whichever module, and only then.
 */
export function functionCode(name: FunctionName): Code {
  return Code.fromAsset(SOURCES, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // All functions share the source folder; without this the CDK would take their bundles for one.
      command: [name],
      local: {
        tryBundle: (outputDir) => {
          bundleFunction(name, outputDir);
          return true;
        },
      },
      // Asked for by the type; never pulled, because the local bundling always answers.
      image: DockerImage.fromRegistry('no-docker-needed'),
    },
  });
}
