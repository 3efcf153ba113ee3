#include "scenarios/truth/read_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "scenarios/check.h"
#include "scenarios/check_word.h"
#include "scenarios/data/carried_file.h"
#include "scenarios/defaults.h"
#include "scenarios/library.h"
#include "scenarios/overrides.h"
#include "scenarios/text_file.h"
#include "scenarios/truth/plan.h"
#include "scenarios/truth/testbed.h"

namespace parallax::scenarios::truth {

namespace {

const std::array<std::string, 2> kUnits{"ms", "requests"};

std::variant<std::string, Problem> text_of(const std::filesystem::path& path, From from, std::string_view expected) {
  if (from == From::kDisk) return read_text_file(path, expected);
  for (const data::CarriedFile& file : data::carried_truth()) {
    if (file.path == path.generic_string()) return std::string{file.text};
  }
  return Problem{path.string(), 1, 1, fmt::format("is not in the binary; expected {}", expected)};
}

/// `check_sense` says what the fields say together.
template <typename Message, typename CheckSense>
ReadFile<Message> read(const std::filesystem::path& path, From from, std::string_view expected,
                       std::span<const std::string> overrides, const CheckSense& check_sense) {
  ReadFile<Message> file{std::make_unique<Message>(), Places{path.string()}};
  const auto refuse = [&](Problem problem) {
    file.problems.push_back(std::move(problem));
    file.message.reset();
    return std::move(file);
  };
  const auto text = text_of(path, from, expected);
  if (const auto* problem = std::get_if<Problem>(&text)) return refuse(*problem);
  if (std::get<std::string>(text).size() > kFileBytesMax) {
    return refuse({path.string(), 1, 1, "the file is too large; expected at most 16 MiB"});
  }
  const Draft::Extent extent = parse_message(std::get<std::string>(text), fmt::format("expected {}", expected),
                                             *file.message, file.places, file.problems);
  if (extent == Draft::Extent::whole) apply_overrides(overrides, *file.message, file.places, file.problems);
  check_values(*file.message, extent, file.places, file.problems);
  if (file.problems.empty()) {
    fill_defaults(*file.message);
    check_sense(*file.message, file.places, file.problems);
  }
  if (!file.problems.empty()) file.message.reset();
  return file;
}

void check_figure(const schema::MeasuredRow& row, const schema::Figure& figure, const char* name, Reporter& reporter) {
  const bool has_interval = figure.has_low() && figure.has_high();
  const bool is_greatest = &figure == &row.max();
  if (row.draws() > 1 && !has_interval && !is_greatest) {
    reporter.report(
        row, name, fmt::format("{} has no interval; expected low and high, for there are {} draws", name, row.draws()));
  }
  if ((row.draws() == 1 || is_greatest) && (figure.has_low() || figure.has_high())) {
    reporter.report(row, name,
                    fmt::format("{} has an interval; expected none, for {}", name,
                                is_greatest ? "a greatest value is one draw" : "there is one draw"));
  }
  if (has_interval && !(figure.low() <= figure.value() && figure.value() <= figure.high())) {
    reporter.report(row, name,
                    fmt::format("{} is {}, not between its low {} and its high {}", name, figure.value(), figure.low(),
                                figure.high()));
  }
}

void check_row(const schema::MeasuredRow& row, Reporter& reporter) {
  check_word(row, "unit", row.unit(), kUnits, reporter);
  if (row.draws() > row.n()) {
    reporter.report(row, "draws", fmt::format("{} draws of {} values; expected at most as many", row.draws(), row.n()));
  }
  check_figure(row, row.mean(), "mean", reporter);
  check_figure(row, row.p50(), "p50", reporter);
  check_figure(row, row.p95(), "p95", reporter);
  check_figure(row, row.max(), "max", reporter);
  const auto& quantiles = row.quantiles();
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::is_sorted(quantiles.begin(), quantiles.end()) || !std::all_of(quantiles.begin(), quantiles.end(), finite)) {
    reporter.report(row, "quantiles", "quantiles are out of order; expected finite numbers in ascending order");
  }
}

void check_set(const schema::MeasuredSet& set, const Places& places, std::vector<Problem>& problems) {
  Reporter reporter{places, problems};
  for (int i = 0; i < set.rows_size(); ++i) {
    check_row(set.rows(i), reporter);
    const auto is_same = [&](const schema::MeasuredRow& other) {
      return other.setting() == set.rows(i).setting() && other.quantity() == set.rows(i).quantity();
    };
    if (std::find_if(set.rows().begin(), set.rows().end(), is_same) - set.rows().begin() == i) continue;
    reporter.report(set.rows(i), "setting",
                    fmt::format("{} of {} is given twice; expected it once", quoted(set.rows(i).quantity()),
                                quoted(set.rows(i).setting())));
  }
}

void check_runs(const schema::Truth& truth, Reporter& reporter) {
  std::uint64_t runs = 0;
  for (const schema::TruthGroup& group : truth.groups()) {
    for (const schema::TruthSetting& setting : group.settings()) {
      runs += std::uint64_t{setting.has_seeds() ? setting.seeds() : group.seeds()} * group.experiments();
    }
    if (runs <= kRunsMax) continue;
    return reporter.report(group, "experiments",
                           fmt::format("{} runs with those of this group; expected at most {} in all", runs, kRunsMax));
  }
}

void check_mapping(const schema::Truth& truth, const Places& places, std::vector<Problem>& problems) {
  Reporter reporter{places, problems};
  check_runs(truth, reporter);
  for (const schema::TruthGroup& group : truth.groups()) {
    if (group.scenario().empty() != group.testbed().empty()) continue;
    reporter.report(group, fmt::format("group {} has {}; expected a scenario or a testbed", quoted(group.title()),
                                       group.scenario().empty() ? "neither" : "both"));
  }
}

}  // namespace

ReadFile<schema::Truth> read_mapping(const std::filesystem::path& file, From from) {
  return read<schema::Truth>(file, from, "a file that says which scenario stands for which measured rows", {},
                             check_mapping);
}

ReadFile<schema::MeasuredSet> read_measured(const std::filesystem::path& file, From from) {
  return read<schema::MeasuredSet>(file, from, "a file of measured rows", {}, check_set);
}

ReadFile<schema::Testbed> read_testbed(const std::filesystem::path& file, std::span<const std::string> overrides,
                                       From from) {
  return read<schema::Testbed>(file, from, "a testbed", overrides, check_testbed);
}

LoadOutcome read_scenario(const std::filesystem::path& file, std::span<const std::string> overrides, From from) {
  if (from == From::kDisk) return load_file(file, overrides);
  if (const auto entry = find_in_library(library_name(file))) return scenarios::load(*entry, overrides);
  return {std::nullopt, {{file.string(), 1, 1, "is not in the binary; expected a scenario"}}};
}

std::string library_name(const std::filesystem::path& file) {
  return file.lexically_relative("scenarios/library").replace_extension().generic_string();
}

}  // namespace parallax::scenarios::truth
