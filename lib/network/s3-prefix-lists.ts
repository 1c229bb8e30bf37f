/**
 * AWS's own lists of S3 addresses, by region. Security groups can only name a gateway endpoint by them, and
 * their ids never change. Looking one up would need an account at synthesis; other regions' are given by
 * S3_PREFIX_LIST_ID.
 */
export const S3_PREFIX_LISTS: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'pl-61a54008',
  'ap-northeast-2': 'pl-78a54011',
  'ap-south-1': 'pl-78a54011',
  'ap-southeast-1': 'pl-6fa54006',
  'ap-southeast-2': 'pl-6ca54005',
  'ca-central-1': 'pl-7da54014',
  'eu-central-1': 'pl-6ea54007',
  'eu-north-1': 'pl-c3aa4faa',
  'eu-west-1': 'pl-6da54004',
  'eu-west-2': 'pl-7ca54015',
  'eu-west-3': 'pl-23ad484a',
  'sa-east-1': 'pl-6aa54003',
  'us-east-1': 'pl-63a5400a',
  'us-east-2': 'pl-7ba54012',
  'us-west-1': 'pl-6ba54002',
  'us-west-2': 'pl-68a54001',
};
