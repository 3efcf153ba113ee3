#include "scenarios/truth/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "scenarios/check_word.h"
#include "scenarios/truth/journal_reading.h"
#include "scenarios/truth/read_truth.h"
#include "scenarios/truth/testbed.h"

namespace parallax::scenarios::truth {

namespace fs = std::filesystem;

namespace {

using Key = std::pair<std::string, std::string>;  ///< setting, quantity

/// A file of measured rows, and which of them some setting has taken.
struct Measured {
  ReadFile<schema::MeasuredSet> file;
  std::map<Key, int> rows{};
  std::set<Key> taken{};
};

class Planner {
 public:
  Planner(const fs::path& mapping, From from, const std::string& only, std::span<const std::string> overrides)
      : folder_{mapping.parent_path()},
        from_{from},
        only_{only},
        overrides_{overrides},
        mapping_{read_mapping(mapping, from)} {}

  Plan plan() && {
    add(mapping_.problems);
    if (!mapping_.message) return std::move(plan_);
    for (const schema::TruthGroup& group : mapping_.message->groups()) add_group(group);
    if (plan_.problems.empty()) report_left_out();
    return std::move(plan_);
  }

 private:
  // A file that several settings load has the same fault each time.
  void add(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
      const auto known = std::find(plan_.problems.begin(), plan_.problems.end(), problem);
      if (known == plan_.problems.end()) plan_.problems.push_back(problem);
    }
  }
  Reporter reporter() { return {mapping_.places, plan_.problems}; }

  fs::path path_of(const std::string& name) const { return (folder_ / name).lexically_normal(); }

  Measured* measured(const std::string& name) {
    const auto [place, is_new] = measured_.try_emplace(name);
    if (is_new) {
      place->second = std::make_unique<Measured>(Measured{read_measured(path_of(name), from_)});
      Measured& one = *place->second;
      add(one.file.problems);
      for (int i = 0; one.file.message && i < one.file.message->rows_size(); ++i) {
        one.rows.emplace(Key{one.file.message->rows(i).setting(), one.file.message->rows(i).quantity()}, i);
      }
    }
    return place->second->file.message ? place->second.get() : nullptr;
  }

  void add_group(const schema::TruthGroup& group) {
    Measured* rows = measured(group.measured());
    if (rows == nullptr) return;
    PlannedGroup planned{group, *rows->file.message, model_of(group), {}};
    planned.measured.clear_rows();
    for (const schema::TruthSetting& setting : group.settings()) add_setting(group, setting, *rows, planned);
    if (!planned.settings.empty()) plan_.groups.push_back(std::move(planned));
  }

  // What the command line takes.
  std::string model_of(const schema::TruthGroup& group) const {
    if (group.scenario().empty()) return path_of(group.testbed()).string();
    const fs::path path = path_of(group.scenario());
    return from_ == From::kDisk ? path.string() : library_name(path);
  }

  bool is_wanted(const schema::TruthGroup& group, const schema::TruthSetting& setting, const Key& row) const {
    return (group.title() + "\n" + setting.name() + "\n" + row.second).find(only_) != std::string::npos;
  }

  void add_setting(const schema::TruthGroup& group, const schema::TruthSetting& setting, Measured& measured,
                   PlannedGroup& planned) {
    PlannedSetting one;
    one.name = setting.name();
    one.seeds = setting.has_seeds() ? setting.seeds() : group.seeds();
    one.experiments = group.experiments();
    one.overrides.assign(setting.set().begin(), setting.set().end());
    bool has_any = false;
    for (const schema::JournalReading& reading : group.readings()) {
      const Key key{setting.name(), reading.quantity()};
      const auto row = measured.rows.find(key);
      if (row == measured.rows.end()) continue;
      has_any = true;
      if (!measured.taken.insert(key).second) {
        reporter().report(setting, "name",
                          fmt::format("{} of {} is compared already; expected each measured row once",
                                      quoted(key.second), quoted(key.first)));
      }
      if (!is_wanted(group, setting, key)) continue;
      *one.readings.Add() = reading;
      one.rows.push_back(measured.file.message->rows(row->second));
      one.reasons.push_back(reason_for(group, key));
    }
    if (!has_any) return report_unknown(group, setting, measured);
    if (!one.rows.empty() && load(group, setting, one)) planned.settings.push_back(std::move(one));
  }

  static std::string reason_for(const schema::TruthGroup& group, const Key& key) {
    for (const schema::TruthNote& note : group.notes()) {
      if (note.setting() == key.first && note.quantity() == key.second) return note.reason();
    }
    return "";
  }

  void report_unknown(const schema::TruthGroup& group, const schema::TruthSetting& setting, const Measured& measured) {
    std::set<std::string> names;
    std::vector<std::string> quantities;
    for (const auto& [key, row] : measured.rows) {
      names.insert(key.first);
      if (key.first == setting.name()) quantities.push_back(key.second);
    }
    const std::vector<std::string> known{names.begin(), names.end()};
    const std::string& asked = group.readings(0).quantity();
    const std::string hint = quantities.empty() ? suggestion(setting.name(), "settings", known)
                                                : suggestion(asked, "quantities", quantities);
    reporter().report(
        setting, "name",
        fmt::format("nothing was measured of setting {} that the readings ask for{}{}", quoted(setting.name()),
                    quantities.empty() ? "" : fmt::format(", such as {}", quoted(asked)), hint));
  }

  bool load(const schema::TruthGroup& group, const schema::TruthSetting& setting, PlannedSetting& one) {
    one.overrides.insert(one.overrides.end(), overrides_.begin(), overrides_.end());
    const std::size_t before = plan_.problems.size();
    group.scenario().empty() ? load_bench(group, one) : load_scenario(group, one);
    // Of an override the command line that it came by is this file.
    for (std::size_t i = before; i < plan_.problems.size(); ++i) {
      Problem& problem = plan_.problems[i];
      if (problem.file.starts_with("--set"))
        problem.message = fmt::format("setting {}: {}", quoted(setting.name()), problem.message);
    }
    return plan_.problems.size() == before;
  }

  void load_scenario(const schema::TruthGroup& group, PlannedSetting& one) {
    LoadOutcome outcome = read_scenario(path_of(group.scenario()), one.overrides, from_);
    add(outcome.problems);
    if (!outcome.loaded) return;
    std::vector<Problem> problems;
    for (const schema::JournalReading& reading : group.readings()) {
      check_reading(reading, outcome.loaded->scenario, mapping_.places, problems);
    }
    add(problems);
    one.model = std::move(outcome.loaded->scenario);
  }

  void load_bench(const schema::TruthGroup& group, PlannedSetting& one) {
    const ReadFile<schema::Testbed> file = read_testbed(path_of(group.testbed()), one.overrides, from_);
    add(file.problems);
    if (!file.message) return;
    std::vector<Problem> problems;
    Reporter report{mapping_.places, problems};
    for (const schema::JournalReading& reading : group.readings()) {
      check_word(reading, "quantity", reading.quantity(), quantities_of(*file.message), report);
    }
    add(problems);
    one.model = *file.message;
  }

  void report_left_out() {
    for (const auto& [name, one] : measured_) {
      for (const auto& [key, row] : one->rows) {
        if (one->taken.contains(key)) continue;
        Reporter report{one->file.places, plan_.problems};
        report.report(one->file.message->rows(row), "setting",
                      fmt::format("{} of {} is compared with nothing; expected a setting of {} that stands for it",
                                  quoted(key.second), quoted(key.first), "the mapping"));
      }
    }
  }

  fs::path folder_;
  From from_;
  const std::string& only_;
  std::span<const std::string> overrides_;
  ReadFile<schema::Truth> mapping_;
  std::map<std::string, std::unique_ptr<Measured>> measured_;
  Plan plan_;
};

}  // namespace

Plan plan(const std::optional<fs::path>& mapping, const std::string& only, std::span<const std::string> overrides) {
  return Planner{mapping.value_or(kCarriedMapping), mapping ? From::kDisk : From::kBinary, only, overrides}.plan();
}

}  // namespace parallax::scenarios::truth
