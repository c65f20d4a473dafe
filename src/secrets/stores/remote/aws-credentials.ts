import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";

type Env = Readonly<Record<string, string | undefined>>;

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Where credentials may come from, and the region that goes with them. */
export interface AwsIdentity {
  credentials: AwsCredentials | undefined;
  region: string | undefined;
  /** Why there are none, the rest of a sentence. */
  why: string;
}

/**
 * Credentials as the AWS tools find them: AWS_ACCESS_KEY_ID and its like, else the profile AWS_PROFILE of the shared files.
 * A profile that signs in elsewhere (SSO, a role) has none of its own: `aws configure export-credentials` gives them.
 */
export async function awsIdentity(env: Env): Promise<AwsIdentity> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (id && secret) {
    const credentials = {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(token ? { sessionToken: token } : {}),
    };
    return { credentials, region: region ?? (await profileOf(env))?.region, why: "" };
  }
  const name = env.AWS_PROFILE || "default";
  const profile = await profileOf(env);
  if (!profile) return { credentials: undefined, region, why: `there is no profile '${name}'` };
  const { aws_access_key_id: own, aws_secret_access_key: key, aws_session_token: session } = profile;
  if (own && key) {
    const credentials = {
      accessKeyId: own,
      secretAccessKey: key,
      ...(session ? { sessionToken: session } : {}),
    };
    return { credentials, region: region ?? profile.region, why: "" };
  }
  return {
    credentials: undefined,
    region: region ?? profile.region,
    why: `the profile '${name}' holds no keys of its own`,
  };
}

async function profileOf(env: Env): Promise<Record<string, string | undefined> | undefined> {
  const home = env.HOME ?? "";
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    filepath: env.AWS_SHARED_CREDENTIALS_FILE ?? `${home}/.aws/credentials`,
    configFilepath: env.AWS_CONFIG_FILE ?? `${home}/.aws/config`,
    ignoreCache: true,
  });
  const name = env.AWS_PROFILE || "default";
  const found = { ...configFile[name], ...credentialsFile[name] };
  return Object.keys(found).length === 0 ? undefined : found;
}
