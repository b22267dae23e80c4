import { call } from './api.js';
import { forgetToken, takeToken } from './link.js';
import { explain } from './words.js';

const pages = {
  'reset-password': {
    useToken: (token, password) => call('PATCH', `reset-password/${encodeURIComponent(token)}`, { password }),
    askForLink: (email) => call('POST', 'forgot-password', { email }),
  },
  'verify-email': {
    useToken: (token, password) => call('POST', 'verify-email', { token, password }),
    askForLink: (email) => call('POST', 'resend-verification', { email }),
  },
  'change-email': { useToken: (token) => call('POST', 'verify-email', { token }) },
};

const { useToken, askForLink } = pages[document.body.dataset.page];
const token = takeToken();
const find = (selector) => document.querySelector(selector);
const passwordInput = find('#password');
const linkForm = find('#link-form');

/** Shows the section of this name and hides the others. */
function show(name, { focus = true } = {}) {
  for (const section of document.querySelectorAll('main > section')) section.hidden = section.id !== name;
  const heading = find(`#${name} h1`);
  document.title = `${heading.textContent} – polyglot-notes`;
  if (linkForm !== null) linkForm.hidden = name !== 'unusable' && name !== 'missing';
  if (focus) heading.focus();
}

function showRefusal(form, { field, text }) {
  const input = form.querySelector('input');
  const isField = input?.name === field;
  const place = form.querySelector(isField ? '.field-error' : '.problem');
  place.textContent = text;
  place.hidden = false;
  if (isField) input.setAttribute('aria-invalid', 'true');
  (isField ? input : place).focus();
}

function clearRefusal(form) {
  for (const place of form.querySelectorAll('.field-error, .problem')) {
    place.textContent = '';
    place.hidden = true;
  }
  form.querySelector('input')?.removeAttribute('aria-invalid');
}

function showUnusable() {
  forgetToken();
  show('unusable');
}

/** Calls `send` with the value of the form's input when its button is pressed, and `done` when the answer is a success. */
function onSubmit(form, send, done) {
  const button = form.querySelector('[type=submit]');
  const status = form.querySelector('[role=status]');
  const input = form.querySelector('input');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    clearRefusal(form);
    button.setAttribute('aria-disabled', 'true');
    status.textContent = 'One moment…';
    const answer = await send(input?.value);
    status.textContent = '';
    button.removeAttribute('aria-disabled');
    const refusal = answer.ok ? undefined : explain(answer);
    if (refusal === undefined) done();
    else if (refusal.invalidLink) showUnusable();
    else showRefusal(form, refusal);
  });
}

function togglePassword() {
  const button = find('#show-password');
  const isShown = passwordInput.type === 'text';
  passwordInput.type = isShown ? 'password' : 'text';
  button.textContent = isShown ? 'Show' : 'Hide';
  button.setAttribute('aria-label', isShown ? 'Show password' : 'Hide password');
}

find('#loading').remove();
// A link that is opened in this tab changes only the fragment.
addEventListener('hashchange', () => location.reload());
find('#show-password')?.addEventListener('click', togglePassword);
onSubmit(
  find('#token-form'),
  (password) => {
    // Password managers recognise a password by the type of its field.
    if (passwordInput?.type === 'text') togglePassword();
    return useToken(token, password);
  },
  () => {
    forgetToken();
    find('#token-form').reset();
    show('done');
  },
);
if (linkForm !== null) onSubmit(linkForm, askForLink, () => show('sent'));
show(token === undefined ? 'missing' : 'start', { focus: false });
