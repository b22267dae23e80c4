// Generated from openapi.json by "npm run generate".

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show which services are ready */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the process is running */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check whether the process can serve requests */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the OpenAPI 3.1 document of this API */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register an account
         * @description The profile exists when this call answers. Without a username, one is made from the email. A mail asks the owner of the email to confirm it, unless `EMAIL_VERIFICATION` is `off`. If it is `required`, the response has no tokens, and a login is refused until the email is confirmed.
         */
        post: operations["postApiAuthRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description After several wrong passwords, logins are refused with `login_locked` for a minute, then for longer, at most for five minutes. It is the same for an email without an account. Logins from a network where the account was used before count apart. A password reset by mail ends the lock.
         */
        post: operations["postApiAuthLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token for new tokens
         * @description The refresh token is spent. For a client that lost the answer, it returns the current tokens of the session for some more seconds. After that, a spent token ends the session, because somebody else may have a copy of it.
         */
        post: operations["postApiAuthRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session
         * @description Needs an access token, or a refresh token of the session in the body, with which an access token is not read. Other sessions go on.
         */
        post: operations["postApiAuthLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all sessions of the account
         * @description Needs an access token, or a refresh token of the session in the body, with which an access token is not read.
         */
        post: operations["postApiAuthLogoutAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your sessions, the latest login first */
        get: operations["getApiAuthSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of your sessions */
        delete: operations["deleteApiAuthSessionsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a password reset mail
         * @description The answer is the same whether or not the account exists.
         */
        post: operations["postApiAuthForgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set a new password with a mailed token
         * @description The token works once, for 15 minutes, until another token of the account is used. It also confirms the email and ends the locks of the account. All sessions end.
         */
        patch: operations["patchApiAuthResetPasswordToken"];
        trace?: never;
    };
    "/api/auth/update-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your password
         * @description All other sessions end, and all earlier access and refresh tokens of this one are invalid.
         */
        patch: operations["patchApiAuthUpdatePassword"];
        trace?: never;
    };
    "/api/auth/resend-verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a mail that confirms your email
         * @description The answer is the same whether or not the account exists and whether or not its email is confirmed.
         */
        post: operations["postApiAuthResendVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request another email for your account
         * @description A mail with a token is sent to the new email. The email changes when the token is used, within an hour.
         */
        post: operations["postApiAuthChangeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm an email with a mailed token
         * @description The token works once: for a day, or for an hour when it changes the email of the account. For the email of a registration, the owner of the mailbox decides about the account: with an access token of the account, or with its current password, the email is confirmed and nothing ends. Another password becomes the password of the account, all earlier access tokens are revoked, and the locks of the account end. Without an access token and a password, all earlier access tokens are revoked and the earlier password is no longer valid; request a new one with forgot-password. A change of email ends nothing and needs no password, because it was requested with the password.
         */
        post: operations["postApiAuthVerifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit trail, the newest event first
         * @description Who did what to an account, when, and from where: logins and refused ones, sessions, passwords, emails, roles, deactivation and deletion. Users see the events about their own account, admins those about all accounts and the signing keys. Events are kept for `AUDIT_DAYS`. After a hard deletion, those of the account keep their type and time, and lose address, user agent and details.
         */
        get: operations["getApiAuthEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the public keys that access tokens are signed with */
        get: operations["getWellKnownJwksJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the mails that are not sent yet (admins)
         * @description A mail is tried again until the mail server accepts it, for a day to a week. A mail that the server refuses permanently, or that is older, is parked until an admin releases or drops it.
         */
        get: operations["getApiAuthMails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/mails/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a mail now, parked or not (admins)
         * @description Makes the mail due. One whose recipient has had too many mails waits again until the end of the window.
         */
        post: operations["postApiAuthMailsIdRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/mails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Drop a mail that is not sent yet (admins) */
        delete: operations["deleteApiAuthMailsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending deliveries (admins)
         * @description A delivery is repeated until the other service confirms it. A delivery that can never succeed is parked until an admin releases it.
         */
        get: operations["getApiAuthDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/deliveries/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry a delivery now, parked or not (admins) */
        post: operations["postApiAuthDeliveriesIdRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read your profile */
        get: operations["getApiUsersMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/update-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your profile
         * @description Fields that are left out stay the same. `null` clears the bio or the avatar.
         */
        patch: operations["patchApiUsersUpdateMe"];
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List and search users (admins) */
        get: operations["getApiUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a user (admins) */
        get: operations["getApiUsersId"];
        put?: never;
        post?: never;
        /**
         * Hard-delete a user: profile, credentials, sessions and notes (admins)
         * @description This cannot be undone. The email and the username are available again when it is completed.
         */
        delete: operations["deleteApiUsersId"];
        options?: never;
        head?: never;
        /**
         * Change the profile, role or status of a user (admins)
         * @description Fields that are left out stay the same. The last active admin cannot be changed to anything else.
         */
        patch: operations["patchApiUsersId"];
        trace?: never;
    };
    "/api/users/delete-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Deactivate your account
         * @description Nobody can log in to it until an admin reactivates it. The notes are kept.
         */
        delete: operations["deleteApiUsersDeleteMe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End all sessions of a user (admins)
         * @description Refresh and access tokens of the user are revoked, and the links in mails that were sent before. The account stays as it is. Your own account is allowed.
         */
        delete: operations["deleteApiUsersIdSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/deletions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the state of a hard deletion (admins) */
        get: operations["getApiUsersDeletionsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pending deliveries (admins)
         * @description A delivery is repeated until the other service confirms it. A delivery that can never succeed is parked until an admin releases it.
         */
        get: operations["getApiUsersDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/deliveries/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retry a delivery now, parked or not (admins) */
        post: operations["postApiUsersDeliveriesIdRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List or search your notes */
        get: operations["getApiNotes"];
        put?: never;
        /**
         * Create a note
         * @description Send a title, a content, or both. A title must contain a visible character, and so must a content without a title. A note without a title is called "Untitled".
         */
        post: operations["postApiNotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has changed since a cursor
         * @description For clients that keep copies of notes. The answer lists the current state of each note that was created, changed or moved to the trash, and the ids of destroyed notes, in the order of the changes. A note that changes several times is listed once, at its last change. Read on at once while `page.hasMore` is true. With `wait`, the answer comes with the next change, or without items when the time is over. After a 410, read all notes again: changes are kept for 90 days (`CHANGES_DAYS`).
         */
        get: operations["getApiNotesChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how much you have stored, and how much you may store */
        get: operations["getApiNotesUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your tags with the numbers of their notes
         * @description The tags of all notes outside the trash, archived notes included, in the order of their code points. The list is complete up to 10,000 tags.
         */
        get: operations["getApiNotesTags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/tags/{tag}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a tag from all notes
         * @description A tag that no note has changes nothing. It is one change for all notes: each gets a new version, and the version before it is kept. Archived notes are included. A note in the trash keeps its tags. Your other changes wait meanwhile, and are a 503 after some seconds.
         */
        delete: operations["deleteApiNotesTagsTag"];
        options?: never;
        head?: never;
        /**
         * Rename a tag in all notes, or merge it with another one
         * @description The path and `name` are read as tags of notes are: trimmed, in lower case, in Unicode normalization form C. A `/` is sent as `%2F`, and the tags `.` and `..` as `%2E` and `%2E%2E`, with a client that sends the path unchanged: `fetch` and browsers remove them. A note that has both tags keeps the name at the first of the two places. The same name, and a tag that no note has, change nothing. It is one change for all notes: each gets a new version, and the version before it is kept. Archived notes are included. A note in the trash keeps its tags. Your other changes wait meanwhile, and are a 503 after some seconds.
         */
        patch: operations["patchApiNotesTagsTag"];
        trace?: never;
    };
    "/api/notes/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the notes in the trash
         * @description The latest deletion comes first. A note is destroyed 30 days after its deletion (`TRASH_DAYS`).
         */
        get: operations["getApiNotesTrash"];
        put?: never;
        post?: never;
        /** Destroy all notes in the trash with their versions */
        delete: operations["deleteApiNotesTrash"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a note out of the trash
         * @description A note outside the trash stays as it is.
         */
        post: operations["postApiNotesIdRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export all notes
         * @description All notes outside the trash, archived ones too, in no particular order. A zip has a Markdown file with YAML front matter for each note. If the export fails in the middle, the connection ends without the end of the body. One export of a user runs at a time.
         */
        get: operations["getApiNotesExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import notes
         * @description A body of NDJSON has a note per line: an object with the fields of a note, all of them optional except a title or a content. A body of a zip archive has Markdown files, from an export or from Obsidian, Joplin or Notion; other entries are ignored. Each note is imported, or skipped because the user has it already (the same id, also in the trash, or the same texts and times), or named as failed. Notes are stored in chunks, so a call that ends early has stored whole notes. A repeat skips the notes that have an id or both times. It imports all others again unless both calls have the same Idempotency-Key. One import of a user runs at a time; one with a key waits up to a minute for the one before.
         */
        post: operations["postApiNotesImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a note
         * @description The newest version comes first: the current one. Every visible change keeps the version before it, up to `NOTE_VERSIONS_MAX` of them.
         */
        get: operations["getApiNotesIdVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a version of a note */
        get: operations["getApiNotesIdVersionsVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/{id}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a version of a note
         * @description Title, content, tags, `pinned` and `archived` become those of the version. This is a new version, so nothing is lost. Restoring the current version changes nothing.
         */
        post: operations["postApiNotesIdVersionsVersionRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a note */
        get: operations["getApiNotesId"];
        put?: never;
        post?: never;
        /**
         * Move a note to the trash, or destroy it
         * @description A note in the trash can be restored for 30 days (`TRASH_DAYS`). To delete a note that is in the trash changes nothing.
         */
        delete: operations["deleteApiNotesId"];
        options?: never;
        head?: never;
        /**
         * Change a note
         * @description Changes only the fields that you send. The version grows only if a value differs. The version before the change is kept.
         */
        patch: operations["patchApiNotesId"];
        trace?: never;
    };
    "/api/notes/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, change, delete and restore up to 100 notes
         * @description The operations run in their order, in one transaction, and each sees the ones before it. Each result has the status and the body that the operation alone would have: the note, `null` after a deletion, or a problem. A refused operation does not affect the others, unless the batch is `atomic`: then nothing changes, and the response is the problem of the first refused operation with its position, from 0, as `index`. The notes in one response have up to 4 MiB of contents as JSON, or 256 KiB with an `Idempotency-Key`; further ones lack `content`.
         */
        post: operations["postApiNotesBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "status": "degraded",
         *       "services": {
         *         "auth": {
         *           "status": "ok",
         *           "latencyMs": 3
         *         },
         *         "user": {
         *           "status": "ok",
         *           "latencyMs": 2
         *         },
         *         "notes": {
         *           "status": "down",
         *           "latencyMs": 1
         *         }
         *       }
         *     }
         */
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded" | "down";
            services: {
                auth: {
                    /** @enum {string} */
                    status: "ok" | "down";
                    latencyMs: number;
                };
                user: {
                    /** @enum {string} */
                    status: "ok" | "down";
                    latencyMs: number;
                };
                notes: {
                    /** @enum {string} */
                    status: "ok" | "down";
                    latencyMs: number;
                };
            };
        };
        /** @description An error (RFC 9457). `code` is stable. */
        Problem: {
            /**
             * Format: uri-reference
             * @description A link to the explanation of the code, or `about:blank`.
             */
            type: string;
            title: string;
            status: number;
            code: string;
            detail?: string;
            errors?: {
                path: string;
                message: string;
                code?: string;
            }[];
            requestId: string;
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Liveness: {
            /** @constant */
            status: "ok";
        };
        /**
         * @example {
         *       "status": "ok",
         *       "checks": {
         *         "database": "ok"
         *       }
         *     }
         */
        Readiness: {
            /** @enum {string} */
            status: "ok" | "down" | "draining";
            checks: {
                [key: string]: "ok" | "down";
            };
        };
        /**
         * @example {
         *       "user": {
         *         "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *         "email": "ada@example.com",
         *         "emailVerified": false,
         *         "role": "user",
         *         "username": "ada",
         *         "status": "active",
         *         "bio": null,
         *         "avatar": null,
         *         "createdAt": "2026-11-24T09:30:00.000Z",
         *         "updatedAt": "2026-11-24T09:30:00.000Z"
         *       },
         *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
         *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
         *       "tokenType": "Bearer",
         *       "expiresIn": 900
         *     }
         */
        Registered: {
            user: components["schemas"]["RegisteredUser"];
            accessToken?: string;
            /** @description Exchanges once for new tokens, with `POST /api/auth/refresh`. Keep it secret. */
            refreshToken?: string;
            /** @constant */
            tokenType?: "Bearer";
            /** @description Seconds until the access token expires. */
            expiresIn?: number;
        };
        RegisteredUser: {
            id: string;
            email: string;
            emailVerified: boolean;
            username: string;
            role: string;
            status: string;
            bio: string | null;
            avatar: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "user": {
         *         "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *         "email": "ada@example.com",
         *         "emailVerified": false,
         *         "role": "user"
         *       },
         *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
         *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
         *       "tokenType": "Bearer",
         *       "expiresIn": 900
         *     }
         */
        LoggedIn: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                role: string;
            };
            accessToken: string;
            /** @description Exchanges once for new tokens, with `POST /api/auth/refresh`. Keep it secret. */
            refreshToken: string;
            /** @constant */
            tokenType: "Bearer";
            /** @description Seconds until the access token expires. */
            expiresIn: number;
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
         *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
         *       "tokenType": "Bearer",
         *       "expiresIn": 900
         *     }
         */
        TokenPair: {
            accessToken: string;
            /** @description Exchanges once for new tokens, with `POST /api/auth/refresh`. Keep it secret. */
            refreshToken: string;
            /** @constant */
            tokenType: "Bearer";
            /** @description Seconds until the access token expires. */
            expiresIn: number;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21",
         *           "current": true,
         *           "device": "Firefox on Linux",
         *           "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         *           "ip": "203.0.113.7",
         *           "createdAt": "2026-11-24T09:30:00.000Z",
         *           "lastUsedAt": "2026-11-24T10:00:00.000Z",
         *           "expiresAt": "2026-12-24T10:00:00.000Z"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        SessionPage: {
            items: components["schemas"]["Session"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "id": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21",
         *       "current": true,
         *       "device": "Firefox on Linux",
         *       "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         *       "ip": "203.0.113.7",
         *       "createdAt": "2026-11-24T09:30:00.000Z",
         *       "lastUsedAt": "2026-11-24T10:00:00.000Z",
         *       "expiresAt": "2026-12-24T10:00:00.000Z"
         *     }
         */
        Session: {
            id: string;
            /** @description Whether the request was made with this session. */
            current: boolean;
            /** @description The program and the system that the user agent names. */
            device: string | null;
            userAgent: string | null;
            /** @description The address of the latest login or refresh. */
            ip: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description The time of the latest login or refresh.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When the session ends unless it is refreshed.
             */
            expiresAt: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0de-6a3d-4f0b-9c1e-2b7d8e5f4a90",
         *           "type": "logged_in",
         *           "at": "2026-11-24T09:30:00.000Z",
         *           "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *           "actorId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *           "address": "203.0.113.7",
         *           "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         *           "details": {
         *             "sessionId": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21"
         *           }
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        AuditEventPage: {
            items: components["schemas"]["AuditEvent"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "id": "0198c0de-6a3d-4f0b-9c1e-2b7d8e5f4a90",
         *       "type": "logged_in",
         *       "at": "2026-11-24T09:30:00.000Z",
         *       "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "actorId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "address": "203.0.113.7",
         *       "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         *       "details": {
         *         "sessionId": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21"
         *       }
         *     }
         */
        AuditEvent: {
            id: string;
            /** @enum {string} */
            type: "registered" | "logged_in" | "login_failed" | "login_locked" | "login_unlocked" | "refresh_reused" | "logged_out" | "session_ended" | "password_refused" | "password_changed" | "password_reset" | "password_reset_issued" | "email_verified" | "email_changed" | "role_changed" | "deactivated" | "reactivated" | "deleted" | "sessions_ended" | "signing_key_created" | "signing_key_retired" | "signing_keys_resealed";
            /** Format: date-time */
            at: string;
            /** @description The account that the event is about. Null if there is none. */
            userId: string | null;
            /** @description The user who did it. Null for the system, an operator, and somebody who did not prove the account. */
            actorId: string | null;
            /** @description The address of the client. Null if it is unknown, or for admins only. */
            address: string | null;
            userAgent: string | null;
            details: {
                /** @description The role or the email before the change. */
                from?: string;
                /** @description The role or the email after the change. */
                to?: string;
                /** @description The session that was opened or ended. */
                sessionId?: string;
                /** @description The `kid` of the signing key. */
                keyId?: string;
                /** @description The code of the refusal; what the failures before a lock were counted by (`email`, `device`, `sessions`, `network`); `too_many` for a session that ended because there were more than a hundred. */
                reason?: string;
            };
        };
        /**
         * @example {
         *       "keys": [
         *         {
         *           "kty": "RSA",
         *           "n": "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t…",
         *           "e": "AQAB",
         *           "kid": "b3pJ2mF0m1n6eQ0w4m0v8yZr0v3c9qk2",
         *           "alg": "RS256",
         *           "use": "sig"
         *         }
         *       ]
         *     }
         */
        JsonWebKeySet: {
            keys: {
                /** @constant */
                kty: "RSA";
                n: string;
                e: string;
                kid: string;
                /** @constant */
                alg: "RS256";
                /** @constant */
                use: "sig";
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0de-5a1b-4c2d-9e3f-7a8b9c0d1e2f",
         *           "kind": "resetPassword",
         *           "to": "ada@example.com",
         *           "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *           "since": "2026-11-24T09:30:00.000Z",
         *           "attempts": 3,
         *           "dueAt": "2026-11-24T09:30:06.500Z",
         *           "isParked": false,
         *           "fault": "the mail server cannot be reached: ECONNREFUSED"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        MailPage: {
            items: components["schemas"]["Mail"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "id": "0198c0de-5a1b-4c2d-9e3f-7a8b9c0d1e2f",
         *       "kind": "resetPassword",
         *       "to": "ada@example.com",
         *       "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "since": "2026-11-24T09:30:00.000Z",
         *       "attempts": 3,
         *       "dueAt": "2026-11-24T09:30:06.500Z",
         *       "isParked": false,
         *       "fault": "the mail server cannot be reached: ECONNREFUSED"
         *     }
         */
        Mail: {
            id: string;
            /** @enum {string} */
            kind: "verifyEmail" | "changeEmail" | "resetPassword" | "loginLocked" | "newDevice" | "passwordChanged" | "emailChanged" | "accountDeactivated" | "accountErased";
            to: string;
            /** @description The id of the account, which may have been erased since. */
            userId: string;
            /** Format: date-time */
            since: string;
            attempts: number;
            /** @description The next attempt; null while it is parked. */
            dueAt: string | null;
            isParked: boolean;
            /** @description Why the last attempt failed. */
            fault: string | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *           "since": "2026-11-24T09:30:00.000Z",
         *           "attempts": 3,
         *           "dueAt": "2026-11-24T09:30:06.500Z",
         *           "isParked": false,
         *           "fault": "auth-service did not answer: ECONNREFUSED, ECONNREFUSED"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        DeliveryPage: {
            items: components["schemas"]["Delivery"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "since": "2026-11-24T09:30:00.000Z",
         *       "attempts": 3,
         *       "dueAt": "2026-11-24T09:30:06.500Z",
         *       "isParked": false,
         *       "fault": "auth-service did not answer: ECONNREFUSED, ECONNREFUSED"
         *     }
         */
        Delivery: {
            /** @description The id of the account. */
            id: string;
            /** Format: date-time */
            since: string;
            attempts: number;
            /** @description The next attempt; null while it is parked. */
            dueAt: string | null;
            isParked: boolean;
            /** @description Why the last attempt failed. */
            fault: string | null;
        };
        /**
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "email": "ada@example.com",
         *       "emailVerified": false,
         *       "username": "ada",
         *       "role": "user",
         *       "status": "active",
         *       "bio": "Writes things down",
         *       "avatar": null,
         *       "createdAt": "2026-11-24T09:30:00.000Z",
         *       "updatedAt": "2026-11-24T09:31:12.345Z"
         *     }
         */
        User: {
            id: string;
            email: string;
            emailVerified: boolean;
            username: string;
            /** @enum {string} */
            role: "user" | "admin";
            /** @enum {string} */
            status: "active" | "deactivated" | "deleting";
            bio: string | null;
            avatar: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *           "email": "ada@example.com",
         *           "emailVerified": false,
         *           "username": "ada",
         *           "role": "user",
         *           "status": "active",
         *           "bio": "Writes things down",
         *           "avatar": null,
         *           "createdAt": "2026-11-24T09:30:00.000Z",
         *           "updatedAt": "2026-11-24T09:31:12.345Z"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        UserPage: {
            items: components["schemas"]["User"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "state": "completed",
         *       "requestedAt": "2026-11-24T10:00:00.000Z",
         *       "removed": {
         *         "profile": 1,
         *         "credentials": 1,
         *         "sessions": 2,
         *         "notes": 42,
         *         "trashedNotes": 2,
         *         "noteVersions": 120,
         *         "idempotencyKeys": 1
         *       },
         *       "completedAt": "2026-11-24T10:00:00.120Z"
         *     }
         */
        CompletedDeletion: {
            id: string;
            /** @constant */
            state: "completed";
            removed: {
                profile: number;
                credentials: number;
                sessions: number;
                /** @description All notes, those in the trash included. */
                notes: number;
                /** @description The notes in the trash. */
                trashedNotes: number;
                /** @description The earlier versions of all notes. */
                noteVersions: number;
                idempotencyKeys: number;
            };
            /** Format: date-time */
            requestedAt: string;
            /** Format: date-time */
            completedAt: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "state": "pending",
         *       "requestedAt": "2026-11-24T10:00:00.000Z"
         *     }
         */
        PendingDeletion: {
            id: string;
            /** @constant */
            state: "pending";
            /** Format: date-time */
            requestedAt: string;
        };
        /**
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "state": "completed",
         *       "requestedAt": "2026-11-24T10:00:00.000Z",
         *       "removed": {
         *         "profile": 1,
         *         "credentials": 1,
         *         "sessions": 2,
         *         "notes": 42,
         *         "trashedNotes": 2,
         *         "noteVersions": 120,
         *         "idempotencyKeys": 1
         *       },
         *       "completedAt": "2026-11-24T10:00:00.120Z"
         *     }
         * @example {
         *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
         *       "state": "pending",
         *       "requestedAt": "2026-11-24T10:00:00.000Z"
         *     }
         */
        Deletion: components["schemas"]["CompletedDeletion"] | components["schemas"]["PendingDeletion"];
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *           "title": "Shopping",
         *           "content": "Milk, bread",
         *           "tags": [
         *             "home"
         *           ],
         *           "pinned": false,
         *           "archived": false,
         *           "version": 1,
         *           "createdAt": "2026-11-24T09:30:00.000Z",
         *           "updatedAt": "2026-11-24T09:30:00.000Z",
         *           "deletedAt": null,
         *           "rank": 0.61,
         *           "highlight": {
         *             "title": "Shopping",
         *             "content": "<mark>Milk</mark>, bread"
         *           }
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        NotePage: {
            items: components["schemas"]["ListedNote"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
                /**
                 * @description With `search`: `close` if nothing matches and the closest words in the notes were searched instead.
                 * @enum {string}
                 */
                mode?: "exact" | "close";
                /**
                 * @description With the sort `relevance`: only the newest matches are ranked. The others follow them, the newest first.
                 * @constant
                 */
                truncated?: true;
                /**
                 * @description With `search`: there are at least `total` matches.
                 * @constant
                 */
                totalIsLowerBound?: true;
            };
        };
        /**
         * @example {
         *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *       "title": "Shopping",
         *       "content": "Milk, bread",
         *       "tags": [
         *         "home"
         *       ],
         *       "pinned": false,
         *       "archived": false,
         *       "version": 1,
         *       "createdAt": "2026-11-24T09:30:00.000Z",
         *       "updatedAt": "2026-11-24T09:30:00.000Z",
         *       "deletedAt": null,
         *       "rank": 0.61,
         *       "highlight": {
         *         "title": "Shopping",
         *         "content": "<mark>Milk</mark>, bread"
         *       }
         *     }
         */
        ListedNote: {
            id: string;
            title: string;
            content: string;
            tags: string[];
            pinned: boolean;
            archived: boolean;
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description When the note was moved to the trash. */
            deletedAt: string | null;
            /** @description With `search`: how well the note matches. Ranks of different searches cannot be compared. */
            rank?: number;
            /** @description With `search`: the title, and fragments of the content around matches. */
            highlight?: {
                /** @description HTML: `<mark>` around each word or phrase that matched, everything else escaped. */
                title: string;
                /** @description HTML: `<mark>` around each word or phrase that matched, everything else escaped. */
                content: string;
            };
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "type": "note",
         *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *           "version": 1,
         *           "note": {
         *             "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *             "title": "Shopping",
         *             "content": "Milk, bread",
         *             "tags": [
         *               "home"
         *             ],
         *             "pinned": false,
         *             "archived": false,
         *             "version": 1,
         *             "createdAt": "2026-11-24T09:30:00.000Z",
         *             "updatedAt": "2026-11-24T09:30:00.000Z",
         *             "deletedAt": null
         *           }
         *         },
         *         {
         *           "type": "destroyed",
         *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c45"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": "WyJrM2JfOXh1MiIsWzcsbnVsbCw3XV0",
         *         "hasMore": false
         *       }
         *     }
         */
        ChangesPage: {
            items: ({
                /** @constant */
                type: "note";
                id: string;
                version: number;
                note: components["schemas"]["Note"];
            } | {
                /** @constant */
                type: "trashed";
                id: string;
                version: number;
                /** Format: date-time */
                deletedAt: string;
                note: components["schemas"]["Note"];
            } | {
                /** @constant */
                type: "destroyed";
                id: string;
            })[];
            page: {
                limit: number;
                /** @description Store it with the changes, and send it as `since`. */
                nextCursor: string;
                /** @description Whether there are more changes now. */
                hasMore: boolean;
            };
        };
        /**
         * @example {
         *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *       "title": "Shopping",
         *       "content": "Milk, bread",
         *       "tags": [
         *         "home"
         *       ],
         *       "pinned": false,
         *       "archived": false,
         *       "version": 1,
         *       "createdAt": "2026-11-24T09:30:00.000Z",
         *       "updatedAt": "2026-11-24T09:30:00.000Z",
         *       "deletedAt": null
         *     }
         */
        Note: {
            id: string;
            title: string;
            content: string;
            tags: string[];
            pinned: boolean;
            archived: boolean;
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description When the note was moved to the trash. */
            deletedAt: string | null;
        };
        /**
         * @example {
         *       "notes": 12,
         *       "trashed": 1,
         *       "versions": 40,
         *       "bytes": 18204,
         *       "limits": {
         *         "notes": 200000,
         *         "bytes": 2147483648,
         *         "versionsPerNote": 100
         *       }
         *     }
         */
        Usage: {
            /** @description Notes outside the trash. */
            notes: number;
            /** @description Notes in the trash. */
            trashed: number;
            /** @description Earlier versions of all notes. */
            versions: number;
            /** @description Titles, contents and tags of all notes and earlier versions in UTF-8. An earlier version counts only the texts that the next one changed. */
            bytes: number;
            limits: {
                /** @description For all notes, those in the trash included. */
                notes: number;
                /** @description The answers that are kept for a day for each `Idempotency-Key` count, too. */
                bytes: number;
                /** @description Earlier versions that are kept of each note. */
                versionsPerNote: number;
            };
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "tag": "home",
         *           "count": 12
         *         },
         *         {
         *           "tag": "work",
         *           "count": 3
         *         }
         *       ],
         *       "page": {
         *         "limit": 10000,
         *         "nextCursor": null
         *       }
         *     }
         */
        TagPage: {
            items: {
                tag: string;
                /** @description Notes outside the trash that have the tag. */
                count: number;
            }[];
            page: {
                limit: number;
                /** @description Null, unless there are more than 10000 tags. */
                nextCursor: string | null;
            };
        };
        /**
         * @example {
         *       "changed": 12
         *     }
         */
        ChangedNotes: {
            changed: number;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *           "title": "Shopping",
         *           "content": "Milk, bread",
         *           "tags": [
         *             "home"
         *           ],
         *           "pinned": false,
         *           "archived": false,
         *           "version": 2,
         *           "createdAt": "2026-11-24T09:30:00.000Z",
         *           "updatedAt": "2026-11-24T09:30:00.000Z",
         *           "deletedAt": "2026-11-25T08:00:00.000Z"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        TrashPage: {
            items: components["schemas"]["Note"][];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "destroyed": 3
         *     }
         */
        Destroyed: {
            destroyed: number;
        };
        /**
         * @example {
         *       "imported": 2,
         *       "skipped": 1,
         *       "skippedInTrash": 0,
         *       "failedCount": 1,
         *       "failed": [
         *         {
         *           "line": 3,
         *           "code": "malformed_json",
         *           "message": "Unexpected end of JSON input"
         *         }
         *       ]
         *     }
         */
        ImportResult: {
            imported: number;
            /** @description Notes that the user has already. */
            skipped: number;
            /** @description Those of the skipped notes that the user has in the trash. Restore them there. */
            skippedInTrash: number;
            failedCount: number;
            /** @description The first 1,000 failures. */
            failed: {
                /** @description The number of the line, or of the entry of the archive. */
                line: number;
                /** @description The name of the entry. */
                name?: string;
                /** @enum {string} */
                code: "malformed_json" | "validation_failed" | "invalid_encoding" | "invalid_front_matter" | "too_large" | "encrypted_entry" | "nested_archive" | "unsupported_entry" | "corrupt_entry" | "note_limit_reached" | "storage_limit_reached";
                message: string;
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "version": 1,
         *           "title": "Shopping",
         *           "createdAt": "2026-11-24T09:30:00.000Z"
         *         }
         *       ],
         *       "page": {
         *         "limit": 20,
         *         "nextCursor": null
         *       }
         *     }
         */
        VersionPage: {
            items: {
                version: number;
                title: string;
                /**
                 * Format: date-time
                 * @description When the version was made.
                 */
                createdAt: string;
            }[];
            page: {
                limit: number;
                /** @description Null on the last page, and in a request with `page`. */
                nextCursor: string | null;
                /** @description Only in a request with `page` or `total=true`. */
                total?: number;
            };
        };
        /**
         * @example {
         *       "version": 1,
         *       "title": "Shopping",
         *       "createdAt": "2026-11-24T09:30:00.000Z",
         *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *       "content": "Milk",
         *       "tags": [
         *         "home"
         *       ],
         *       "pinned": false,
         *       "archived": false
         *     }
         */
        Version: {
            id: string;
            version: number;
            title: string;
            content: string;
            tags: string[];
            pinned: boolean;
            archived: boolean;
            /**
             * Format: date-time
             * @description When the version was made.
             */
            createdAt: string;
        };
        /**
         * @example {
         *       "results": [
         *         {
         *           "status": 201,
         *           "body": {
         *             "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
         *             "title": "Shopping",
         *             "content": "Milk, bread",
         *             "tags": [
         *               "home"
         *             ],
         *             "pinned": false,
         *             "archived": false,
         *             "version": 1,
         *             "createdAt": "2026-11-24T09:30:00.000Z",
         *             "updatedAt": "2026-11-24T09:30:00.000Z",
         *             "deletedAt": null
         *           }
         *         },
         *         {
         *           "status": 404,
         *           "body": {
         *             "type": "https://notes.example.com/problems#not_found",
         *             "title": "The resource does not exist",
         *             "status": 404,
         *             "code": "not_found",
         *             "requestId": "0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a"
         *           }
         *         }
         *       ]
         *     }
         */
        BatchResults: {
            results: {
                /** @description The status that the operation alone would have. */
                status: number;
                body: components["schemas"]["BatchNote"] | components["schemas"]["Problem"] | null;
            }[];
        };
        /** @description A note. Its `content` is left out if the batch returns too much of it. */
        BatchNote: {
            id: string;
            title: string;
            content?: string;
            tags: string[];
            pinned: boolean;
            archived: boolean;
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description When the note was moved to the trash. */
            deletedAt: string | null;
        };
    };
    responses: {
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets */
        "400-malformed_request-websocket_not_supported": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported";
                };
            };
        };
        /** @description `request_timeout`: The request did not arrive in time */
        "408-request_timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 408;
                    /** @enum {string} */
                    code: "request_timeout";
                };
            };
        };
        /** @description `headers_too_large`: The request line or the headers are too large */
        "431-headers_too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 431;
                    /** @enum {string} */
                    code: "headers_too_large";
                };
            };
        };
        /** @description `method_not_allowed`: The path does not support this method */
        "405-method_not_allowed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 405;
                    /** @enum {string} */
                    code: "method_not_allowed";
                };
            };
        };
        /** @description `payload_too_large`: The body is too large */
        "413-payload_too_large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 413;
                    /** @enum {string} */
                    code: "payload_too_large";
                };
            };
        };
        /** @description `rate_limited`: Too many requests */
        "429-rate_limited": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 429;
                    /** @enum {string} */
                    code: "rate_limited";
                };
            };
        };
        /** @description `internal_error`: An unexpected error occurred */
        "500-internal_error": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 500;
                    /** @enum {string} */
                    code: "internal_error";
                };
            };
        };
        /** @description `http_version_not_supported`: Only HTTP/1.0 and HTTP/1.1 are supported */
        "505-http_version_not_supported": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 505;
                    /** @enum {string} */
                    code: "http_version_not_supported";
                };
            };
        };
        /** @description `service_unavailable`: A service is temporarily unavailable */
        "503-service_unavailable": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {string} */
                    code: "service_unavailable";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `malformed_json`: The body is not valid JSON. `validation_failed`: The request is not valid */
        "400-malformed_request-websocket_not_supported-malformed_json-validation_failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "malformed_json" | "validation_failed";
                };
            };
        };
        /** @description `unsupported_media_type`: The media type of the body is not supported */
        "415-unsupported_media_type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 415;
                    /** @enum {string} */
                    code: "unsupported_media_type";
                };
            };
        };
        /** @description `email_taken`: An account with this email exists. `username_taken`: The username is taken */
        "409-email_taken-username_taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "email_taken" | "username_taken";
                };
            };
        };
        /** @description `bad_gateway`: A service did not send a complete response */
        "502-bad_gateway": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 502;
                    /** @enum {string} */
                    code: "bad_gateway";
                };
            };
        };
        /** @description `gateway_timeout`: A service did not respond in time */
        "504-gateway_timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 504;
                    /** @enum {string} */
                    code: "gateway_timeout";
                };
            };
        };
        /** @description `rate_limited`: Too many requests. `login_locked`: Too many wrong passwords: wait, or reset the password by mail */
        "429-rate_limited-login_locked": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 429;
                    /** @enum {string} */
                    code: "rate_limited" | "login_locked";
                };
            };
        };
        /** @description `invalid_credentials`: The email or the password is wrong */
        "401-invalid_credentials": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "invalid_credentials";
                };
            };
        };
        /** @description `account_deactivated`: The account is deactivated. `email_not_verified`: The email is not confirmed */
        "403-account_deactivated-email_not_verified": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 403;
                    /** @enum {string} */
                    code: "account_deactivated" | "email_not_verified";
                };
            };
        };
        /** @description `invalid_refresh_token`: The refresh token is unknown or expired, or its session has ended. `refresh_token_reused`: The refresh token was used before: its session has ended */
        "401-invalid_refresh_token-refresh_token_reused": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "invalid_refresh_token" | "refresh_token_reused";
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `token_expired`: The access token has expired. `token_revoked`: The access token has been revoked. `invalid_refresh_token`: The refresh token is unknown or expired, or its session has ended */
        "401-unauthenticated-token_expired-token_revoked-invalid_refresh_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "unauthenticated" | "token_expired" | "token_revoked" | "invalid_refresh_token";
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `token_expired`: The access token has expired. `token_revoked`: The access token has been revoked. `invalid_refresh_token`: The refresh token is unknown or expired, or its session has ended. `refresh_token_reused`: The refresh token was used before: its session has ended */
        "401-unauthenticated-token_expired-token_revoked-invalid_refresh_token-refresh_token_reused": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "unauthenticated" | "token_expired" | "token_revoked" | "invalid_refresh_token" | "refresh_token_reused";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `validation_failed`: The request is not valid. `invalid_cursor`: The cursor is not valid, or belongs to other filters */
        "400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "validation_failed" | "invalid_cursor";
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `token_expired`: The access token has expired. `token_revoked`: The access token has been revoked */
        "401-unauthenticated-token_expired-token_revoked": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "unauthenticated" | "token_expired" | "token_revoked";
                };
            };
        };
        /** @description `not_found`: The resource does not exist */
        "404-not_found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {string} */
                    code: "not_found";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `malformed_json`: The body is not valid JSON. `validation_failed`: The request is not valid. `invalid_reset_token`: The token is unknown, used, or older than 15 minutes. `password_unchanged`: The new password is the current one */
        "400-malformed_request-websocket_not_supported-malformed_json-validation_failed-invalid_reset_token-password_unchanged": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "malformed_json" | "validation_failed" | "invalid_reset_token" | "password_unchanged";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `malformed_json`: The body is not valid JSON. `validation_failed`: The request is not valid. `password_unchanged`: The new password is the current one */
        "400-malformed_request-websocket_not_supported-malformed_json-validation_failed-password_unchanged": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "malformed_json" | "validation_failed" | "password_unchanged";
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `token_expired`: The access token has expired. `invalid_credentials`: The email or the password is wrong. `token_revoked`: The access token has been revoked */
        "401-unauthenticated-token_expired-invalid_credentials-token_revoked": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "unauthenticated" | "token_expired" | "invalid_credentials" | "token_revoked";
                };
            };
        };
        /** @description `email_taken`: An account with this email exists */
        "409-email_taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "email_taken";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `malformed_json`: The body is not valid JSON. `validation_failed`: The request is not valid. `invalid_verification_token`: The token is unknown, used, or expired */
        "400-malformed_request-websocket_not_supported-malformed_json-validation_failed-invalid_verification_token": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "malformed_json" | "validation_failed" | "invalid_verification_token";
                };
            };
        };
        /** @description `forbidden`: The caller may not do this */
        "403-forbidden": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 403;
                    /** @enum {string} */
                    code: "forbidden";
                };
            };
        };
        /** @description `username_taken`: The username is taken */
        "409-username_taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "username_taken";
                };
            };
        };
        /** @description `last_admin`: There would be no active admin left */
        "409-last_admin": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "last_admin";
                };
            };
        };
        /** @description `username_taken`: The username is taken. `last_admin`: There would be no active admin left */
        "409-username_taken-last_admin": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "username_taken" | "last_admin";
                };
            };
        };
        /** @description `cursor_expired`: The changes since the cursor are no longer known: read all notes again, without `since` */
        "410-cursor_expired": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 410;
                    /** @enum {string} */
                    code: "cursor_expired";
                };
            };
        };
        /** @description `unauthenticated`: A valid access token is required. `token_expired`: The access token has expired */
        "401-unauthenticated-token_expired": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {string} */
                    code: "unauthenticated" | "token_expired";
                };
            };
        };
        /** @description `storage_limit_reached`: The notes of the user, their versions and the answers that are kept for Idempotency-Keys take as much storage as permitted */
        "409-storage_limit_reached": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "storage_limit_reached";
                };
            };
        };
        /** @description `precondition_failed`: The note has changed since it was read */
        "412-precondition_failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 412;
                    /** @enum {string} */
                    code: "precondition_failed";
                    current: components["schemas"]["Note"];
                };
            };
        };
        /** @description `precondition_required`: A change needs an If-Match header with the ETag of the note that was read */
        "428-precondition_required": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 428;
                    /** @enum {string} */
                    code: "precondition_required";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `validation_failed`: The request is not valid */
        "400-malformed_request-websocket_not_supported-validation_failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "validation_failed";
                };
            };
        };
        /** @description `malformed_request`: The HTTP request is malformed. `websocket_not_supported`: The API has no WebSockets. `validation_failed`: The request is not valid. `invalid_archive`: The body is not a readable zip archive */
        "400-malformed_request-websocket_not_supported-validation_failed-invalid_archive": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {string} */
                    code: "malformed_request" | "websocket_not_supported" | "validation_failed" | "invalid_archive";
                };
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key belongs to another request. `storage_limit_reached`: The notes of the user, their versions and the answers that are kept for Idempotency-Keys take as much storage as permitted */
        "409-idempotency_key_reused-storage_limit_reached": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "idempotency_key_reused" | "storage_limit_reached";
                };
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key belongs to another request. `note_limit_reached`: The user has as many notes as permitted, the trash included. `storage_limit_reached`: The notes of the user, their versions and the answers that are kept for Idempotency-Keys take as much storage as permitted */
        "409-idempotency_key_reused-note_limit_reached-storage_limit_reached": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Cache-Control": components["headers"]["Cache-Control"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {string} */
                    code: "idempotency_key_reused" | "note_limit_reached" | "storage_limit_reached";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The request id in every log line. It is the id that you sent, if that one was valid.
         * @example 0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a
         */
        "X-Request-Id": string;
        /**
         * @description The remaining requests (`r`), and the seconds until the window ends (`t`). Sent where a limit applies.
         * @example "api"; r=299; t=60
         */
        RateLimit: string;
        /**
         * @description The quota of requests (`q`) in a window of seconds (`w`). Sent where a limit applies.
         * @example "api"; q=300; w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description Whether and how the response may be stored.
         * @example no-store
         */
        "Cache-Control": string;
        /**
         * @description The request headers that the response depends on.
         * @example Origin
         */
        Vary: string;
        /**
         * @description The origin of the request, if its scripts may read the response.
         * @example https://app.example.com
         */
        "Access-Control-Allow-Origin": string;
        /**
         * @description The headers that these scripts may read.
         * @example ETag,Location
         */
        "Access-Control-Expose-Headers": string;
        /**
         * @description The seconds to wait before a retry.
         * @example 2
         */
        "Retry-After": number;
        /**
         * @description The authentication scheme (RFC 6750).
         * @example Bearer
         */
        "WWW-Authenticate": string;
        /**
         * @description The methods of this path.
         * @example GET, HEAD
         */
        Allow: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `ok`, or `degraded` when some services are not ready */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "degraded",
                     *       "services": {
                     *         "auth": {
                     *           "status": "ok",
                     *           "latencyMs": 3
                     *         },
                     *         "user": {
                     *           "status": "ok",
                     *           "latencyMs": 2
                     *         },
                     *         "notes": {
                     *           "status": "down",
                     *           "latencyMs": 1
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            /** @description `down`: no service is ready */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "degraded",
                     *       "services": {
                     *         "auth": {
                     *           "status": "ok",
                     *           "latencyMs": 3
                     *         },
                     *         "user": {
                     *           "status": "ok",
                     *           "latencyMs": 2
                     *         },
                     *         "notes": {
                     *           "status": "down",
                     *           "latencyMs": 1
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All checks pass */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "database": "ok"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            /** @description A check fails, or the process is shutting down */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "database": "ok"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The answer is 304 if it is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the document. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0",
                     *       "info": {
                     *         "title": "polyglot-notes",
                     *         "version": "0.2.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Your copy is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the document. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            503: components["responses"]["503-service_unavailable"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "analytical engine",
                 *       "username": "ada"
                 *     }
                 */
                "application/json": {
                    /** Format: email */
                    email: string;
                    /**
                     * Format: password
                     * @description At least 8 characters and at most 72 bytes in UTF-8, after normalization to NFC. Not a common password, the email or the username.
                     */
                    password: string;
                    username?: string & (unknown & unknown);
                };
            };
        };
        responses: {
            /** @description The account, and the tokens of its first session unless the email must be confirmed first */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "role": "user",
                     *         "username": "ada",
                     *         "status": "active",
                     *         "bio": null,
                     *         "avatar": null,
                     *         "createdAt": "2026-11-24T09:30:00.000Z",
                     *         "updatedAt": "2026-11-24T09:30:00.000Z"
                     *       },
                     *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
                     *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 900
                     *     }
                     */
                    "application/json": components["schemas"]["Registered"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-email_taken-username_taken"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "analytical engine"
                 *     }
                 */
                "application/json": {
                    /** Format: email */
                    email: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            /** @description The tokens of a new session */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "user": {
                     *         "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *         "email": "ada@example.com",
                     *         "emailVerified": false,
                     *         "role": "user"
                     *       },
                     *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
                     *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 900
                     *     }
                     */
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-invalid_credentials"];
            403: components["responses"]["403-account_deactivated-email_not_verified"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited-login_locked"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1"
                 *     }
                 */
                "application/json": {
                    refreshToken: string;
                };
            };
        };
        responses: {
            /** @description New tokens of the session */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
                     *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 900
                     *     }
                     */
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-invalid_refresh_token-refresh_token_reused"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthLogout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1"
                 *     }
                 */
                "application/json": {
                    refreshToken?: string;
                };
            };
        };
        responses: {
            /** @description The session has ended */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked-invalid_refresh_token"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthLogoutAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1"
                 *     }
                 */
                "application/json": {
                    refreshToken?: string;
                };
            };
        };
        responses: {
            /** @description All sessions have ended */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked-invalid_refresh_token-refresh_token_reused"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiAuthSessions: {
        parameters: {
            query?: {
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of sessions */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21",
                     *           "current": true,
                     *           "device": "Firefox on Linux",
                     *           "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                     *           "ip": "203.0.113.7",
                     *           "createdAt": "2026-11-24T09:30:00.000Z",
                     *           "lastUsedAt": "2026-11-24T10:00:00.000Z",
                     *           "expiresAt": "2026-12-24T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiAuthSessionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session has ended */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthForgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": {
                    /** Format: email */
                    email: string;
                };
            };
        };
        responses: {
            /** @description If the account exists, a mail is sent */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiAuthResetPasswordToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token of the mail. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "difference engine"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: password
                     * @description At least 8 characters and at most 72 bytes in UTF-8, after normalization to NFC. Not a common password, the email or the username.
                     */
                    password: string;
                };
            };
        };
        responses: {
            /** @description The new password is set */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed-invalid_reset_token-password_unchanged"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiAuthUpdatePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "analytical engine",
                 *       "newPassword": "difference engine"
                 *     }
                 */
                "application/json": {
                    /** Format: password */
                    currentPassword: string;
                    /**
                     * Format: password
                     * @description At least 8 characters and at most 72 bytes in UTF-8, after normalization to NFC. Not a common password, the email or the username.
                     */
                    newPassword: string;
                };
            };
        };
        responses: {
            /** @description The new password is set; new tokens of this session */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJSUzI1NiIs…",
                     *       "refreshToken": "u4Zk0c2m1v9yQpX7wLr3bAq8sT5nDfGhJkMzVxCwEyRtUiOoPaSdFgHjKlZxCvBn1",
                     *       "tokenType": "Bearer",
                     *       "expiresIn": 900
                     *     }
                     */
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed-password_unchanged"];
            401: components["responses"]["401-unauthenticated-token_expired-invalid_credentials-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited-login_locked"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthResendVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": {
                    /** Format: email */
                    email: string;
                };
            };
        };
        responses: {
            /** @description If the account exists and needs it, a mail is sent */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthChangeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "analytical engine",
                 *       "newEmail": "ada@example.org"
                 *     }
                 */
                "application/json": {
                    /** Format: password */
                    currentPassword: string;
                    /** Format: email */
                    newEmail: string;
                };
            };
        };
        responses: {
            /** @description A mail is sent to the new email */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-invalid_credentials-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-email_taken"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited-login_locked"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthVerifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The token of the mail. */
                    token: string;
                    /**
                     * Format: password
                     * @description The current password, or the new one: 8 characters to 72 bytes. It is ignored when the call has an access token or when the token changes the email of the account.
                     */
                    password?: string;
                };
            };
        };
        responses: {
            /** @description The email is confirmed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed-invalid_verification_token"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-email_taken"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiAuthEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only events about this account. Users who are not admins may name only their own.
                 * @example 0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11
                 */
                userId?: string;
                /**
                 * @description Only events of this type.
                 * @example login_failed
                 */
                type?: "registered" | "logged_in" | "login_failed" | "login_locked" | "login_unlocked" | "refresh_reused" | "logged_out" | "session_ended" | "password_refused" | "password_changed" | "password_reset" | "password_reset_issued" | "email_verified" | "email_changed" | "role_changed" | "deactivated" | "reactivated" | "deleted" | "sessions_ended" | "signing_key_created" | "signing_key_retired" | "signing_keys_resealed";
                /**
                 * @description Only events at this time or later: a date-time of RFC 3339, or a date (UTC).
                 * @example 2026-11-24T09:30:00Z
                 */
                from?: string;
                /**
                 * @description Only events before this time. The list is empty if `to` is not later than `from`.
                 * @example 2026-11-24T09:30:00Z
                 */
                to?: string;
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of events */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-6a3d-4f0b-9c1e-2b7d8e5f4a90",
                     *           "type": "logged_in",
                     *           "at": "2026-11-24T09:30:00.000Z",
                     *           "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "actorId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "address": "203.0.113.7",
                     *           "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                     *           "details": {
                     *             "sessionId": "0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21"
                     *           }
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getWellKnownJwksJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK Set (RFC 7517) */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "kty": "RSA",
                     *           "n": "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t…",
                     *           "e": "AQAB",
                     *           "kid": "b3pJ2mF0m1n6eQ0w4m0v8yZr0v3c9qk2",
                     *           "alg": "RS256",
                     *           "use": "sig"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JsonWebKeySet"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiAuthMails: {
        parameters: {
            query?: {
                /**
                 * @description Only parked mails (`true`) or only the others (`false`).
                 * @example true
                 */
                parked?: boolean;
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, the oldest mail first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-5a1b-4c2d-9e3f-7a8b9c0d1e2f",
                     *           "kind": "resetPassword",
                     *           "to": "ada@example.com",
                     *           "userId": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "since": "2026-11-24T09:30:00.000Z",
                     *           "attempts": 3,
                     *           "dueAt": "2026-11-24T09:30:06.500Z",
                     *           "isParked": false,
                     *           "fault": "the mail server cannot be reached: ECONNREFUSED"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MailPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthMailsIdRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail is due now */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiAuthMailsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail is not sent. One that is being sent may still arrive. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiAuthDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description Only parked deliveries (`true`) or only the others (`false`).
                 * @example true
                 */
                parked?: boolean;
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, the oldest delivery first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "since": "2026-11-24T09:30:00.000Z",
                     *           "attempts": 3,
                     *           "dueAt": "2026-11-24T09:30:06.500Z",
                     *           "isParked": false,
                     *           "fault": "auth-service did not answer: ECONNREFUSED, ECONNREFUSED"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiAuthDeliveriesIdRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is due now, or there is none */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiUsersMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your profile */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "email": "ada@example.com",
                     *       "emailVerified": false,
                     *       "username": "ada",
                     *       "role": "user",
                     *       "status": "active",
                     *       "bio": "Writes things down",
                     *       "avatar": null,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:31:12.345Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiUsersUpdateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "bio": "Writes things down",
                 *       "avatar": "https://example.com/ada.png"
                 *     }
                 */
                "application/json": {
                    username?: string & (unknown & unknown);
                    bio?: string | null;
                    avatar?: string | null;
                };
            };
        };
        responses: {
            /** @description Your changed profile */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "email": "ada@example.com",
                     *       "emailVerified": false,
                     *       "username": "ada",
                     *       "role": "user",
                     *       "status": "active",
                     *       "bio": "Writes things down",
                     *       "avatar": null,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:31:12.345Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-username_taken"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiUsers: {
        parameters: {
            query?: {
                /**
                 * @description A part of the email or the username, in any case. Every text is allowed.
                 * @example ada
                 */
                search?: string;
                /**
                 * @description Only accounts with this role.
                 * @example admin
                 */
                role?: "user" | "admin";
                /**
                 * @description Only accounts with this status.
                 * @example active
                 */
                status?: "active" | "deactivated" | "deleting";
                /**
                 * @description The order; `-createdAt`: the latest first.
                 * @example username
                 */
                sort?: "createdAt" | "-createdAt" | "username" | "email";
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of users */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "email": "ada@example.com",
                     *           "emailVerified": false,
                     *           "username": "ada",
                     *           "role": "user",
                     *           "status": "active",
                     *           "bio": "Writes things down",
                     *           "avatar": null,
                     *           "createdAt": "2026-11-24T09:30:00.000Z",
                     *           "updatedAt": "2026-11-24T09:31:12.345Z"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiUsersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "email": "ada@example.com",
                     *       "emailVerified": false,
                     *       "username": "ada",
                     *       "role": "user",
                     *       "status": "active",
                     *       "bio": "Writes things down",
                     *       "avatar": null,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:31:12.345Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiUsersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was deleted. A repeat returns the same for 30 days. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "state": "completed",
                     *       "requestedAt": "2026-11-24T10:00:00.000Z",
                     *       "removed": {
                     *         "profile": 1,
                     *         "credentials": 1,
                     *         "sessions": 2,
                     *         "notes": 42,
                     *         "trashedNotes": 2,
                     *         "noteVersions": 120,
                     *         "idempotencyKeys": 1
                     *       },
                     *       "completedAt": "2026-11-24T10:00:00.120Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CompletedDeletion"];
                };
            };
            /** @description The deletion is in progress until every service has done its part */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description Where the receipt will be. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "state": "pending",
                     *       "requestedAt": "2026-11-24T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PendingDeletion"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-last_admin"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiUsersId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    username?: string & (unknown & unknown);
                    bio?: string | null;
                    avatar?: string | null;
                    /** @enum {string} */
                    role?: "user" | "admin";
                    /** @enum {string} */
                    status?: "active" | "deactivated";
                };
            };
        };
        responses: {
            /** @description The changed user */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "email": "ada@example.com",
                     *       "emailVerified": false,
                     *       "username": "ada",
                     *       "role": "user",
                     *       "status": "active",
                     *       "bio": "Writes things down",
                     *       "avatar": null,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:31:12.345Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The changed user; login and tokens follow when auth-service is available */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *       "email": "ada@example.com",
                     *       "emailVerified": false,
                     *       "username": "ada",
                     *       "role": "user",
                     *       "status": "active",
                     *       "bio": "Writes things down",
                     *       "avatar": null,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:31:12.345Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-username_taken-last_admin"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiUsersDeleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile is deactivated; the login follows when auth-service is available */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The account is deactivated */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-last_admin"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiUsersIdSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The access tokens are revoked; the sessions end when auth-service is available */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description All sessions have ended */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiUsersDeletionsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt, or that it is pending */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deletion"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiUsersDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description Only parked deliveries (`true`) or only the others (`false`).
                 * @example true
                 */
                parked?: boolean;
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, the oldest delivery first */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11",
                     *           "since": "2026-11-24T09:30:00.000Z",
                     *           "attempts": 3,
                     *           "dueAt": "2026-11-24T09:30:06.500Z",
                     *           "isParked": false,
                     *           "fault": "auth-service did not answer: ECONNREFUSED, ECONNREFUSED"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiUsersDeliveriesIdRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is due now, or there is none */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            403: components["responses"]["403-forbidden"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotes: {
        parameters: {
            query?: {
                /**
                 * @description Words that must all match, `"a phrase"`, `-not`, `or`. The last word also matches as a prefix. A hyphen negates only the word or phrase that it touches. If nothing matches exactly, the closest words in the notes are searched (`page.mode` is `close`). Any part of a text in Chinese, Japanese, Korean, Thai and other scripts without spaces is found. Letters and digits are separate words, and a symbol such as an emoji is a word. `ä ö ü ø å` also match as `ae oe ue oe aa`. Case, accents, composed or decomposed forms, format characters and kinds of apostrophe do not matter, in any script. A text without a word finds nothing; a blank text is ignored. Only the first 50 words and 1000 characters are used.
                 * @example milk -bread
                 */
                search?: string;
                /**
                 * @description Tags, separated by commas.
                 * @example work,home
                 */
                tags?: string;
                /**
                 * @description One tag, in addition to `tags`.
                 * @example work
                 */
                tag?: string;
                /**
                 * @description Whether a note must have all of the tags or any of them.
                 * @example any
                 */
                tagMode?: "all" | "any";
                /**
                 * @description Only pinned notes (`true`) or only other notes (`false`).
                 * @example true
                 */
                pinned?: boolean;
                /**
                 * @description Only archived notes (`true`), only other notes (`false`), or both (`any`).
                 * @example any
                 */
                archived?: true | false | "any";
                /**
                 * @description Only notes changed at this time or later: a date-time of RFC 3339, or a date (UTC).
                 * @example 2026-11-24T09:30:00Z
                 */
                from?: string;
                /**
                 * @description Only notes changed before this time. The list is empty if `to` is not later than `from`.
                 * @example 2026-11-24T09:30:00Z
                 */
                to?: string;
                /**
                 * @description The default is `relevance` with `search` and `-updatedAt` without it. `relevance` needs `search`. Titles are sorted as in a dictionary, and numbers in them by value: `Note 2` before `Note 10`.
                 * @example title
                 */
                sort?: "-updatedAt" | "updatedAt" | "-createdAt" | "createdAt" | "title" | "-title" | "relevance";
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of notes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *           "title": "Shopping",
                     *           "content": "Milk, bread",
                     *           "tags": [
                     *             "home"
                     *           ],
                     *           "pinned": false,
                     *           "archived": false,
                     *           "version": 1,
                     *           "createdAt": "2026-11-24T09:30:00.000Z",
                     *           "updatedAt": "2026-11-24T09:30:00.000Z",
                     *           "deletedAt": null,
                     *           "rank": 0.61,
                     *           "highlight": {
                     *             "title": "Shopping",
                     *             "content": "<mark>Milk</mark>, bread"
                     *           }
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["NotePage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiNotes: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of 1 to 255 printable ASCII characters that you choose for this request, such as a UUID. A repeat with the same key and body within 24 hours changes nothing and gets the first answer. Only successes are kept. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Shopping",
                 *       "content": "Milk, bread",
                 *       "tags": [
                 *         "home"
                 *       ]
                 *     }
                 */
                "application/json": {
                    title?: string;
                    /** @default  */
                    content?: string;
                    tags?: string[];
                    /** @default false */
                    pinned?: boolean;
                    /** @default false */
                    archived?: boolean;
                };
            };
        };
        responses: {
            /** @description The new note */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The path of the note. */
                    Location: string;
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    /** @description `true` if the answer is that of an earlier request with this key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "title": "Shopping",
                     *       "content": "Milk, bread",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false,
                     *       "version": 1,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:30:00.000Z",
                     *       "deletedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Note"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-idempotency_key_reused-note_limit_reached-storage_limit_reached"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesChanges: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of the previous answer. Without it, all notes are listed. */
                since?: string;
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description Seconds to wait for a change while there is none.
                 * @example 0
                 */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes, and the cursor for the next request */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "type": "note",
                     *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *           "version": 1,
                     *           "note": {
                     *             "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *             "title": "Shopping",
                     *             "content": "Milk, bread",
                     *             "tags": [
                     *               "home"
                     *             ],
                     *             "pinned": false,
                     *             "archived": false,
                     *             "version": 1,
                     *             "createdAt": "2026-11-24T09:30:00.000Z",
                     *             "updatedAt": "2026-11-24T09:30:00.000Z",
                     *             "deletedAt": null
                     *           }
                     *         },
                     *         {
                     *           "type": "destroyed",
                     *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c45"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": "WyJrM2JfOXh1MiIsWzcsbnVsbCw3XV0",
                     *         "hasMore": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ChangesPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            410: components["responses"]["410-cursor_expired"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is stored, and the limits */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "notes": 12,
                     *       "trashed": 1,
                     *       "versions": 40,
                     *       "bytes": 18204,
                     *       "limits": {
                     *         "notes": 200000,
                     *         "bytes": 2147483648,
                     *         "versionsPerNote": 100
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Usage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesTags: {
        parameters: {
            query?: {
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tags */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "tag": "home",
                     *           "count": 12
                     *         },
                     *         {
                     *           "tag": "work",
                     *           "count": 3
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 10000,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TagPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiNotesTagsTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example home */
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of changed notes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 12
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedNotes"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-storage_limit_reached"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiNotesTagsTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example home */
                tag: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "household"
                 *     }
                 */
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description The number of changed notes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changed": 12
                     *     }
                     */
                    "application/json": components["schemas"]["ChangedNotes"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-storage_limit_reached"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesTrash: {
        parameters: {
            query?: {
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the trash */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *           "title": "Shopping",
                     *           "content": "Milk, bread",
                     *           "tags": [
                     *             "home"
                     *           ],
                     *           "pinned": false,
                     *           "archived": false,
                     *           "version": 2,
                     *           "createdAt": "2026-11-24T09:30:00.000Z",
                     *           "updatedAt": "2026-11-24T09:30:00.000Z",
                     *           "deletedAt": "2026-11-25T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TrashPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiNotesTrash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of destroyed notes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "destroyed": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Destroyed"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiNotesIdRestore: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the note that you read. The answer is 412 if the note has changed. */
                "If-Match"?: string;
                /** @description An ETag, or `*`. The answer is 412 if the note has this ETag, or exists. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "title": "Shopping",
                     *       "content": "Milk, bread",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false,
                     *       "version": 1,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:30:00.000Z",
                     *       "deletedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Note"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            412: components["responses"]["412-precondition_failed"];
            413: components["responses"]["413-payload_too_large"];
            428: components["responses"]["428-precondition_required"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesExport: {
        parameters: {
            query?: {
                /** @description One note per line as JSON, or a Markdown file per note. */
                format?: "ndjson" | "zip";
                /** @description Whether each line of NDJSON also has the newest earlier versions of the note, up to 1,000 and as many as fit into a line of 2 MiB. A zip never has them. */
                versions?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The notes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The name for the file. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/zip": string;
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiNotesImport: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of 1 to 255 printable ASCII characters that you choose for this request, such as a UUID. A repeat with the same key and body within 24 hours changes nothing and gets the first answer. Only successes are kept. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The size limit is a setting. A 413 names it. */
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "application/zip": string;
            };
        };
        responses: {
            /** @description What became of each note */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description `true` if the answer is that of an earlier request with this key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "imported": 2,
                     *       "skipped": 1,
                     *       "skippedInTrash": 0,
                     *       "failedCount": 1,
                     *       "failed": [
                     *         {
                     *           "line": 3,
                     *           "code": "malformed_json",
                     *           "message": "Unexpected end of JSON input"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_archive"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-idempotency_key_reused-storage_limit_reached"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesIdVersions: {
        parameters: {
            query?: {
                /**
                 * @description The number of items on a page, 1 to 100. A page with a `nextCursor` may have fewer.
                 * @example 20
                 */
                limit?: number;
                /** @description The `nextCursor` of the previous page. The filters must be the same. It cannot be combined with `page`. */
                cursor?: string;
                /**
                 * @description A page number, from 1. It cannot be combined with `cursor`, and page × limit may be at most 10000. The response has the total. A page that is too large to send is a 400 with the code `page_too_large`: request a smaller `limit`, or use cursors.
                 * @example 1
                 */
                page?: number;
                /**
                 * @description Whether the response has the total number of items.
                 * @example true
                 */
                total?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the versions */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "version": 1,
                     *           "title": "Shopping",
                     *           "createdAt": "2026-11-24T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "page": {
                     *         "limit": 20,
                     *         "nextCursor": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VersionPage"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed-invalid_cursor"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesIdVersionsVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @example 3 */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 1,
                     *       "title": "Shopping",
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "content": "Milk",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false
                     *     }
                     */
                    "application/json": components["schemas"]["Version"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiNotesIdVersionsVersionRestore: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the note that you read. The answer is 412 if the note has changed. */
                "If-Match"?: string;
                /** @description An ETag, or `*`. The answer is 412 if the note has this ETag, or exists. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
                /** @example 3 */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "title": "Shopping",
                     *       "content": "Milk, bread",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false,
                     *       "version": 1,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:30:00.000Z",
                     *       "deletedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Note"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-storage_limit_reached"];
            412: components["responses"]["412-precondition_failed"];
            413: components["responses"]["413-payload_too_large"];
            428: components["responses"]["428-precondition_required"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    getApiNotesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of your copy. The answer is 304 if the note has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "title": "Shopping",
                     *       "content": "Milk, bread",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false,
                     *       "version": 1,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:30:00.000Z",
                     *       "deletedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Note"];
                };
            };
            /** @description Your copy is current */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            413: components["responses"]["413-payload_too_large"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    deleteApiNotesId: {
        parameters: {
            query?: {
                /**
                 * @description Whether to destroy the note with its versions, from the trash or not.
                 * @example true
                 */
                permanent?: boolean;
            };
            header?: {
                /** @description The ETag of the note that you read. The answer is 412 if the note has changed. */
                "If-Match"?: string;
                /** @description An ETag, or `*`. The answer is 412 if the note has this ETag, or exists. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The note is in the trash, or has been destroyed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            412: components["responses"]["412-precondition_failed"];
            413: components["responses"]["413-payload_too_large"];
            428: components["responses"]["428-precondition_required"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    patchApiNotesId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the note that you read. The answer is 412 if the note has changed. */
                "If-Match"?: string;
                /** @description An ETag, or `*`. The answer is 412 if the note has this ETag, or exists. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": "Milk, bread, butter",
                 *       "pinned": true
                 *     }
                 */
                "application/json": {
                    title?: string;
                    content?: string;
                    tags?: string[];
                    pinned?: boolean;
                    archived?: boolean;
                };
            };
        };
        responses: {
            /** @description The changed note */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description The version of the note as a strong entity tag. */
                    ETag: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *       "title": "Shopping",
                     *       "content": "Milk, bread",
                     *       "tags": [
                     *         "home"
                     *       ],
                     *       "pinned": false,
                     *       "archived": false,
                     *       "version": 1,
                     *       "createdAt": "2026-11-24T09:30:00.000Z",
                     *       "updatedAt": "2026-11-24T09:30:00.000Z",
                     *       "deletedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Note"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-storage_limit_reached"];
            412: components["responses"]["412-precondition_failed"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            428: components["responses"]["428-precondition_required"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
    postApiNotesBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key of 1 to 255 printable ASCII characters that you choose for this request, such as a UUID. A repeat with the same key and body within 24 hours changes nothing and gets the first answer. Only successes are kept. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "operations": [
                 *         {
                 *           "op": "create",
                 *           "note": {
                 *             "title": "Shopping",
                 *             "content": "Milk, bread",
                 *             "tags": [
                 *               "home"
                 *             ]
                 *           }
                 *         },
                 *         {
                 *           "op": "update",
                 *           "id": "0198c0df-7a52-7c31-8a0e-000000000000",
                 *           "ifMatch": "\"3\"",
                 *           "note": {
                 *             "pinned": true
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Whether a refused operation refuses the whole batch.
                     * @default false
                     */
                    atomic?: boolean;
                    operations: ({
                        /** @constant */
                        op: "create";
                        /** @description As in `POST /api/notes`. An invalid note refuses this operation only. */
                        note: {
                            title?: string;
                            /** @default  */
                            content?: string;
                            tags?: string[];
                            /** @default false */
                            pinned?: boolean;
                            /** @default false */
                            archived?: boolean;
                        } | Record<string, never>;
                    } | {
                        /** @constant */
                        op: "update";
                        /** @description The id of the note. */
                        id: string;
                        /** @description The ETag of the note that you read, in quotes as in the header `If-Match`, or its `version` as a number. */
                        ifMatch?: string | number;
                        /** @description As in `PATCH /api/notes/{id}`. An invalid note refuses this operation only. */
                        note: {
                            title?: string;
                            content?: string;
                            tags?: string[];
                            pinned?: boolean;
                            archived?: boolean;
                        } | Record<string, never>;
                    } | {
                        /** @constant */
                        op: "delete";
                        /** @description The id of the note. */
                        id: string;
                        /** @description The ETag of the note that you read, in quotes as in the header `If-Match`, or its `version` as a number. */
                        ifMatch?: string | number;
                        /**
                         * @description Whether to destroy the note with its versions, from the trash or not.
                         * @default false
                         */
                        permanent?: boolean;
                    } | {
                        /** @constant */
                        op: "restore";
                        /** @description The id of the note. */
                        id: string;
                        /** @description The ETag of the note that you read, in quotes as in the header `If-Match`, or its `version` as a number. */
                        ifMatch?: string | number;
                    })[];
                };
            };
        };
        responses: {
            /** @description The results of the operations in their order */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    /** @description `true` if the answer is that of an earlier request with this key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "status": 201,
                     *           "body": {
                     *             "id": "0198c0df-7a52-7c31-8a0e-5d1b9f3e2c44",
                     *             "title": "Shopping",
                     *             "content": "Milk, bread",
                     *             "tags": [
                     *               "home"
                     *             ],
                     *             "pinned": false,
                     *             "archived": false,
                     *             "version": 1,
                     *             "createdAt": "2026-11-24T09:30:00.000Z",
                     *             "updatedAt": "2026-11-24T09:30:00.000Z",
                     *             "deletedAt": null
                     *           }
                     *         },
                     *         {
                     *           "status": 404,
                     *           "body": {
                     *             "type": "https://notes.example.com/problems#not_found",
                     *             "title": "The resource does not exist",
                     *             "status": 404,
                     *             "code": "not_found",
                     *             "requestId": "0b5f1b0e-6c1f-4a55-9d0c-3f6b1c1d7e2a"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
            400: components["responses"]["400-malformed_request-websocket_not_supported-malformed_json-validation_failed"];
            401: components["responses"]["401-unauthenticated-token_expired-token_revoked"];
            404: components["responses"]["404-not_found"];
            405: components["responses"]["405-method_not_allowed"];
            408: components["responses"]["408-request_timeout"];
            409: components["responses"]["409-idempotency_key_reused-note_limit_reached-storage_limit_reached"];
            412: components["responses"]["412-precondition_failed"];
            413: components["responses"]["413-payload_too_large"];
            415: components["responses"]["415-unsupported_media_type"];
            428: components["responses"]["428-precondition_required"];
            429: components["responses"]["429-rate_limited"];
            431: components["responses"]["431-headers_too_large"];
            500: components["responses"]["500-internal_error"];
            502: components["responses"]["502-bad_gateway"];
            503: components["responses"]["503-service_unavailable"];
            504: components["responses"]["504-gateway_timeout"];
            505: components["responses"]["505-http_version_not_supported"];
        };
    };
}
