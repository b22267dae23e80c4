// A file of its own, because the page's Content-Security-Policy allows no inline script.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // The document is not sent to a validator on another host.
  validatorUrl: null,
});
