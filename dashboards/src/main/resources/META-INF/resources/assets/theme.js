// Before the first paint: whoever chose a theme here does not see the other one flash.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* no storage, no choice */ }
