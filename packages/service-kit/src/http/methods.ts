/** The methods that some resource of the system supports, for an `Allow` header of the whole server. */
export const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
