/** What every database of this service should be set to; Redis Cloud's console takes the same names. */
export const RECOMMENDED_SETTINGS = {
  'maxmemory-policy': 'allkeys-lru',
  timeout: '300',
  'tcp-keepalive': '60',
  maxclients: '10000',
} as const;
