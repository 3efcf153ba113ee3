#include "reports/authoring/claims_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "reports/plain_text.h"
#include "reports/words.h"
#include "scenarios/claims/claims.h"

namespace parallax::reports {
namespace {

constexpr std::array kVerdicts{schema::CONFIRMED, schema::REFUTED, schema::ONLY_IF, schema::NOT_MODELLED};

auto count_of(const schema::SeedText& text, schema::ClaimVerdict verdict) {
  return std::count_if(text.claims().begin(), text.claims().end(),
                       [&](const schema::Claim& claim) { return claim.verdict() == verdict; });
}

std::string paragraphs_of(const schema::Claim& claim) {
  std::vector<std::string> numbers;
  for (const std::uint32_t number : claim.paragraphs()) numbers.push_back(fmt::to_string(number));
  return joined(numbers);
}

// "throttle.over_admission.ratio_max/at_least" is a metric and a side.
std::string evidence_words(const schema::Evidence& evidence) {
  if (!evidence.test().empty()) return evidence.test();
  const std::size_t slash = std::min(evidence.expectation().find('/'), evidence.expectation().size() - 1);
  const std::string side = evidence.expectation().substr(slash + 1) == "at_most" ? "at most" : "at least";
  return fmt::format("{}: {}, {}", evidence.scenario(), evidence.expectation().substr(0, slash), side);
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string verdict_cell(schema::ClaimVerdict verdict) {
  const std::string_view loud = verdict == schema::REFUTED ? "**" : "";
  return fmt::format("{}{}{}", loud, scenarios::to_string(verdict), loud);
}

std::string row_of_claim(const schema::Claim& claim) {
  std::string evidence;
  for (const schema::Evidence& each : claim.evidence()) {
    evidence += fmt::format("{}`{}`", evidence.empty() ? "" : "<br>", evidence_words(each));
  }
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", claim.id(), paragraphs_of(claim), cell(claim.says()),
                     verdict_cell(claim.verdict()), cell(claim.because()), evidence);
}

// All of its lines stand so far in.
std::string below(std::size_t indent, std::string_view text) {
  return wrapped(std::string(indent, ' ') + safe(text), indent);
}

}  // namespace

std::string claims_text(const schema::Claims& claims) {
  std::string out;
  for (const schema::SeedText& text : claims.texts()) {
    if (!out.empty()) out += '\n';
    out += wrapped(safe(fmt::format("{}, {}", text.title(), text.file())), 0) + '\n';
    for (const schema::Claim& claim : text.claims()) {
      out += below(2, fmt::format("{} (paragraph {}): {}", claim.id(), paragraphs_of(claim), claim.says()));
      out += below(4, fmt::format("{}: {}", scenarios::to_string(claim.verdict()), claim.because()));
      for (const schema::Evidence& evidence : claim.evidence()) out += below(6, evidence_words(evidence));
    }
  }
  return out;
}

std::string claims_summary(const schema::Claims& claims) {
  std::string out = "| text | claims |";
  std::string rule = "|---|---|";
  for (const schema::ClaimVerdict verdict : kVerdicts) {
    out += fmt::format(" {} |", scenarios::to_string(verdict));
    rule += "---|";
  }
  out += fmt::format("\n{}\n", rule);
  for (const schema::SeedText& text : claims.texts()) {
    out += fmt::format("| {} | {} |", cell(text.title()), text.claims_size());
    for (const schema::ClaimVerdict verdict : kVerdicts) out += fmt::format(" {} |", count_of(text, verdict));
    out += "\n";
  }
  return out;
}

std::string claims_markdown(const schema::Claims& claims) {
  std::string out = claims_summary(claims);
  for (const schema::SeedText& text : claims.texts()) {
    out += fmt::format("\n## {}\n\n`{}`\n\n", text.title(), text.file());
    out += "| id | paragraph | claim | verdict | because | asserted by |\n|---|---|---|---|---|---|\n";
    for (const schema::Claim& claim : text.claims()) out += row_of_claim(claim);
  }
  return out;
}

}  // namespace parallax::reports
