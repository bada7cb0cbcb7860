// Type size and light as chosen on this browser, set before anything is painted. Not a module: those come later.
for (const name of ["theme", "size"]) {
  const value = document.cookie.match(`(?:^|; )${name}=([a-z]+)`)?.[1];
  if (value) document.documentElement.dataset[name] = value;
}
