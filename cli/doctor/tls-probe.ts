import { connect, type PeerCertificate } from 'node:tls';
import { type ConnectionTarget, withoutBrackets } from '../../lambda/redis/connection-string';

export interface TlsSession {
  /** e.g. `TLSv1.3` */
  readonly protocol: string;
  readonly validTo: Date;
}

const TIMEOUT_MS = 5_000;

/**
 * Shakes hands with the server as a client would, and checks its certificate against the trusted authorities.
 * @throws Error with OpenSSL's or node's reason
 */
export function probeTls(target: ConnectionTarget): Promise<TlsSession> {
  const host = withoutBrackets(target.host);
  const isAddress = /^[\d.]+$|:/.test(host);
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host, port: target.port, timeout: TIMEOUT_MS, ...(isAddress ? {} : { servername: host }) },
      () => {
        const certificate: PeerCertificate = socket.getPeerCertificate();
        const protocol = socket.getProtocol() ?? 'TLS';
        socket.destroy();
        resolve({ protocol, validTo: new Date(certificate.valid_to) });
      },
    );
    socket.once('error', reject);
    socket.once('timeout', () =>
      socket.destroy(new Error(`no TLS handshake within ${TIMEOUT_MS / 1_000} s`)),
    );
  });
}
