import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Unpacks a package of Debian unstable with its dependencies into the folder `tree`, from the mirror that the host's apt
 * uses. Needs no root and changes nothing on the host. `work` is a folder for apt's own files. Throws one sentence when
 * the host is not Debian or the mirror does not have the package.
 */
export async function unpackFromDebian(packageName: string, tree: string, work: string): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const codename = /^VERSION_CODENAME="?([^"\n]+)/m.exec(release)?.[1];
  if (!/^ID="?debian/m.test(release) || !codename) throw new Error('This system is not Debian.');
  try {
    await download(packageName, codename, work);
    for (const file of await readdir(join(work, 'archives')))
      if (file.endsWith('.deb')) await exec('dpkg-deb', ['-x', join(work, 'archives', file), tree]);
  } catch (error) {
    const said = Error.isError(error) ? error.message : String(error);
    const words = /^E: (.*)$/m.exec(said)?.[1] ?? said.trim().split('\n').at(-1);
    throw new Error(`Debian's mirror did not give ${packageName}: ${words}`, { cause: error });
  }
  await rm(work, { recursive: true });
}

async function download(packageName: string, codename: string, work: string): Promise<void> {
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'archives/partial'), { recursive: true });
  await writeFile(join(work, 'status'), ''); // apt takes no package as installed, so it downloads every dependency
  const config = join(work, 'apt.conf');
  await writeFile(config, privateState(work));
  const mirror = await mirrorOf(codename, config);
  const trusted = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  await writeFile(join(work, 'sources.list'), `deb ${trusted}${mirror} sid main\n`);
  const apt = (...args: string[]) =>
    exec('apt-get', ['-q', '-y', '-c', config, ...ourSource(work), ...args], big);
  await apt('update');
  await apt('install', '--download-only', '--no-install-recommends', packageName);
}

const big = {
  maxBuffer: 64 * 1024 * 1024,
  env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
};
const ourSource = (work: string) => [
  `-oDir::Etc::sourcelist=${join(work, 'sources.list')}`,
  `-oDir::Etc::sourceparts=${join(work, 'none')}`,
];

// The mirror that serves the host's own release; update --print-uris lists the mirrors without a download.
async function mirrorOf(codename: string, config: string): Promise<string> {
  const { stdout } = await exec('apt-get', ['-c', config, 'update', '--print-uris'], big);
  for (const [, uri, suite] of stdout.matchAll(/^'(\S+?)\/dists\/([^/]+)\/InRelease'/gm))
    if (uri && suite === codename) return uri;
  throw new Error(`apt has no source for ${codename}`);
}

// apt reads -c after the host's configuration: proxies stay, the files that apt keeps are ours, and hooks that would act
// on the host are cleared.
const privateState = (work: string): string => `
Dir::State "${work}";
Dir::State::lists "${work}/lists";
Dir::State::status "${work}/status";
Dir::Cache "${work}";
Dir::Cache::archives "${work}/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Etc::preferences "${work}/none";
Dir::Etc::preferencesparts "${work}/none";
Dir::Log "${work}";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
APT::Keep-Downloaded-Packages "1";
Acquire::Languages "none";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
`;
