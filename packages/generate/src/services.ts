import type { Route } from '@polyglot-notes/service-kit';
import { routes as authRoutes } from '../../../auth-service/src/app.ts';
import { Settings as AuthSettings } from '../../../auth-service/src/config.ts';
import { routes as gatewayRoutes } from '../../../gateway/src/app.ts';
import { Settings as GatewaySettings } from '../../../gateway/src/config.ts';
import { routes as notesRoutes } from '../../../notes-service/src/app.ts';
import { Settings as NotesSettings } from '../../../notes-service/src/config.ts';
import { routes as userRoutes } from '../../../user-service/src/app.ts';
import { Settings as UserSettings } from '../../../user-service/src/config.ts';
import { declaredRoutes } from './declared-routes.ts';
import { settingsOf, type Setting } from './settings.ts';

/** What a service declares; its name is its folder. */
export interface Service {
  name: string;
  routes: Route[];
  settings: Setting[];
}

export const gateway: Service = {
  name: 'gateway',
  routes: declaredRoutes(gatewayRoutes),
  settings: settingsOf(GatewaySettings),
};

/** The services behind the gateway. */
export const services: readonly Service[] = [
  { name: 'auth-service', routes: declaredRoutes(authRoutes), settings: settingsOf(AuthSettings) },
  { name: 'user-service', routes: declaredRoutes(userRoutes), settings: settingsOf(UserSettings) },
  { name: 'notes-service', routes: declaredRoutes(notesRoutes), settings: settingsOf(NotesSettings) },
];
