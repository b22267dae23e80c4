import { mkdir } from 'node:fs/promises';
import { MailDev } from 'maildev';

interface MailStart {
  smtpPort: number;
  webPort: number;
  webHost: string;
  /** The folder of the mails, which survive a restart. */
  folder: string;
}

/** Starts the mail catcher: it accepts every mail on 127.0.0.1 and shows it on its page. Resolves with a function to stop it. */
export async function startMail({
  smtpPort,
  webPort,
  webHost,
  folder,
}: MailStart): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const mailDev = new MailDev({
    smtp: smtpPort,
    ip: '127.0.0.1',
    web: webPort,
    webIp: webHost,
    mailDirectory: folder,
    silent: true,
  });
  await mailDev.start();
  return () => mailDev.stop();
}
