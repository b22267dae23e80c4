// The users of auth-service and user-service in MongoDB, each with the right to read and write one database and nothing
// else. Run at every start: it makes what is missing, and each user gets the password that it is to have now.
const { MONGO_ROOT_PASSWORD, AUTH_DATABASE_PASSWORD, USER_DATABASE_PASSWORD } = process.env;
const server = new Mongo(`mongodb://root:${MONGO_ROOT_PASSWORD}@mongo:27017/?authSource=admin`);
for (const [user, name, pwd] of [
  ['auth', 'micro-auth-db', AUTH_DATABASE_PASSWORD],
  ['user', 'micro-user-db', USER_DATABASE_PASSWORD],
]) {
  const database = server.getDB(name);
  const rights = { pwd, roles: [{ role: 'readWrite', db: name }] };
  if (database.getUser(user) === null) database.createUser({ user, ...rights });
  else database.updateUser(user, rights);
}
