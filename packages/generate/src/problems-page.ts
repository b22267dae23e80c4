import { Marked } from 'marked';

const markdown = new Marked({
  renderer: {
    heading({ depth, tokens, text }) {
      const id = depth === 2 ? ` id="${text}"` : '';
      return `<h${depth}${id}>${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    // The gateway does not serve the other pages of the documentation.
    link({ tokens }) {
      return `<em>${this.parser.parseInline(tokens)}</em>`;
    },
  },
});

/** The page of the gateway that explains the problem codes, from docs/operations/problems.md. Each code is an `id`. */
export const problemsPage = (text: string): string => `<!doctype html>
<!-- Generated from docs/operations/problems.md by "npm run generate". -->
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Problem codes – polyglot-notes</title>
    <link rel="icon" type="image/svg+xml" href="pages/icon.svg" />
    <link rel="stylesheet" href="pages/page.css" />
    <link rel="stylesheet" href="pages/problems.css" />
  </head>
  <body>
    <header><img src="pages/icon.svg" alt="" />polyglot-notes</header>
    <main>
${markdown.parse(text, { async: false })}
    </main>
  </body>
</html>
`;
