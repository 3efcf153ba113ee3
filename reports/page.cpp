#include "reports/page.h"

#include <fmt/format.h>

#include "reports/assets.h"
#include "reports/escape.h"
#include "reports/marks.h"

namespace parallax::reports {

// The policy forbids everything but our own style sheets and script, named by their hashes, and that any of them makes
// markup of text: even a hole in the escaping could neither run a script nor fetch anything.
std::string page(std::string_view title, std::string_view body) {
  return fmt::format(R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{}' 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{}</title>
<style>{}</style>
<style id="dark" media="screen and (prefers-color-scheme:dark)">{}</style>
<script type="module">{}</script>
</head>
<body>
{}<main>
{}</main>
</body>
</html>
)html",
                     kStyle.sha256, kDarkStyle.sha256, kScript.sha256, escaped(title), kStyle.text, kDarkStyle.text,
                     kScript.text, glyph_definitions(), body);
}

std::string section(std::string_view heading, std::string_view how, std::string_view body) {
  const std::string note = how.empty() ? "" : fmt::format("<p class=\"how\">{}</p>\n", how);
  return fmt::format("<section>\n<h2>{}</h2>\n{}{}</section>\n", heading, note, body);
}

std::string scrolled(std::string_view label, std::string_view body, std::string_view style) {
  return fmt::format("<div class=\"wide{}{}\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">{}</div>\n",
                     style.empty() ? "" : " ", style, escaped(label), body);
}

std::string folded(std::string_view summary, std::string_view body) {
  return fmt::format("<details>\n<summary>{}</summary>\n{}</details>\n", summary, body);
}

}  // namespace parallax::reports
