// A separate file, because the Content-Security-Policy allows no inline scripts.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // Swagger UI would send the document to a validator on another host.
  validatorUrl: null,
});
