#include "reports/authoring/describe_text.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

#include "reports/authoring/knobs_text.h"
#include "reports/delays.h"
#include "reports/plain_text.h"
#include "reports/vocabulary.h"
#include "reports/words.h"
#include "scenarios/fields.h"
#include "scenarios/metrics.h"

namespace parallax::reports {
namespace {

using scenarios::FieldDescriptor;
using scenarios::Message;

std::string heading(std::string_view text) { return fmt::format("\n{}\n", text); }

/// A line of its own, indented by two, that goes on in four.
std::string item(std::string_view text) { return wrapped("  " + safe(text), 4); }

template <typename List>
std::vector<std::string> texts(const List& list) {
  return {list.begin(), list.end()};
}

/// The comment lines at the head of a file, a paragraph a line.
std::string head_comment(std::string_view text) {
  std::string out;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) out += item(paragraph);
    paragraph.clear();
  };
  while (text.starts_with('#')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(1, end - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with("proto-")) continue;  // for editors
    if (line.empty()) {
      end_paragraph();
      continue;
    }
    paragraph += (paragraph.empty() ? "" : " ") + std::string(line);
  }
  end_paragraph();
  return out;
}

/// "30 ms, 95 % within 30.2 ms".
std::string delay_words(const schema::Delay& delay) {
  const std::string from = delay.has_measured() ? fmt::format(" ({}, {} to {})", delay.measured().set(),
                                                              delay.measured().from(), delay.measured().to())
                                                : "";
  return clock_words(typical_ns(delay)) + ", " + spread_words(delay) + from;
}

bool is_default(const Message& message, const FieldDescriptor& field) {
  return scenarios::scalar_text(message, field, 0) == scenarios::rule_of(field).default_value();
}

/// The values of a block that are no defaults: "site us-east, disk lost".
std::string values_of(const Message& message) {
  std::vector<std::string> words;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const int count = scenarios::value_count(message, field);
    if (count == 0) continue;
    if (field.message_type() == schema::Delay::descriptor()) {
      const auto& delay = static_cast<const schema::Delay&>(scenarios::child(message, field, 0));
      words.push_back(spaced(field.name()) + " " + delay_words(delay));
    } else if (field.message_type() != nullptr) {
      const std::string inner = values_of(scenarios::child(message, field, 0));
      words.push_back(spaced(field.name()) + (inner.empty() ? "" : " (" + inner + ")"));
    } else if (field.is_repeated() || !is_default(message, field)) {
      std::vector<std::string> values;
      for (int k = 0; k < count; ++k) values.push_back(scenarios::scalar_text(message, field, k));
      words.push_back(spaced(field.name()) + " " + joined(values));
    }
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

/// The one block of a message that says what it is about: "site_down", "revoke_tokens".
const FieldDescriptor* chosen(const Message& message, std::string_view choice) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& words = scenarios::rule_of(*type.field(i)).choices();
    const bool belongs = std::find(words.begin(), words.end(), choice) != words.end();
    if (belongs && scenarios::value_count(message, *type.field(i)) > 0) return type.field(i);
  }
  return nullptr;
}

/// "site down (site us-east)".
std::string choice_words(const Message& message, std::string_view choice) {
  const FieldDescriptor* field = chosen(message, choice);
  if (field == nullptr) return "nothing chosen";
  const std::string values = values_of(scenarios::child(message, *field, 0));
  return spaced(field->name()) + (values.empty() ? "" : " (" + values + ")");
}

std::string site_words(const schema::Site& site) {
  std::string out =
      fmt::format("{}: {} ({})", site.name(), counted(static_cast<std::uint64_t>(site.nodes_size()), "node", "nodes"),
                  joined(texts(site.nodes())));
  for (const schema::Role& role : site.roles()) {
    out += fmt::format("; {} {} {} alone", joined(texts(role.nodes())), role.nodes_size() == 1 ? "is" : "are",
                       joined(texts(role.parts())));
  }
  if (site.has_clustering()) out += "; clustered";
  if (site.has_pull())
    out += "; gateways pull APIs" + (site.pull().from().empty() ? "" : " from " + site.pull().from());
  if (site.has_events()) out += "; message brokers";
  if (site.has_artifacts()) out += "; artifacts by " + choice_words(site.artifacts(), "way");
  if (site.database().has_at()) out += "; uses the database of " + site.database().at().site();
  if (site.gateway().has_key_validation()) out += "; asks the key manager of " + site.gateway().key_validation().site();
  if (site.key_manager().tokens() == "jwt") out += "; JWTs";
  if (!site.jurisdiction().empty()) out += "; under the law of " + site.jurisdiction();
  return out;
}

std::string pace_words(const schema::Population& population) {
  if (population.has_trace()) return "as measured";
  if (population.has_think()) return "each thinking for " + delay_words(population.think());
  return population.rate();
}

std::string population_words(const schema::Population& population) {
  const bool calls_apis = population.kind() == "api";
  return fmt::format("{}: clients in {}, {}{}", population.name(), population.region(), pace_words(population),
                     calls_apis ? "" : ", of the " + population.kind());
}

std::string write_words(const schema::Write& write) {
  const std::string until = write.until().empty() ? "the end" : write.until();
  return fmt::format("{}: {}{}, from {} to {}", write.name(), choice_words(write, "what"),
                     write.site().empty() ? "" : " at " + write.site(), write.from(), until);
}

std::string condition_words(const schema::Condition& condition) { return "once " + choice_words(condition, "what"); }

std::string start_words(const schema::Fault& fault) {
  if (fault.has_random()) return fmt::format("at random ({})", values_of(fault.random()));
  const std::string at = fault.has_when() ? condition_words(fault.when()) : "at " + fault.at();
  const std::string again = fault.has_repeats() ? fmt::format(", again every {}", fault.repeats().every()) : "";
  return fmt::format("{} for {}{}", at, fault.lasts(), again);
}

std::string expectation_words(const schema::Expectation& expectation) {
  const bool most = !expectation.at_most().empty();
  const auto metric = scenarios::find_metric(expectation.metric());
  return fmt::format("{} at {} {}: {}", expectation.metric(), most ? "most" : "least",
                     most ? expectation.at_most() : expectation.at_least(), metric ? metric->definition : "");
}

std::string deployment_text(const schema::Scenario& scenario) {
  std::string out = heading("Data centers");
  for (const schema::Site& site : scenario.sites()) out += item(site_words(site));
  if (scenario.regions_size() > 0) out += heading("Where clients are");
  for (const schema::Region& region : scenario.regions()) {
    out +=
        item(region.name() + (region.prefers().empty()
                                  ? ""
                                  : ": prefers " + fmt::format("{}", fmt::join(texts(region.prefers()), ", then "))));
  }
  if (scenario.has_zone()) out += item("DNS provider: " + values_of(scenario.zone()));
  if (scenario.links_size() > 0) out += heading("Network, one way");
  for (const schema::Link& link : scenario.links()) {
    out += item(
        fmt::format("{} {} {}: {}", link.from(), link.one_way() ? "->" : "<->", link.to(), delay_words(link.delay())));
  }
  if (scenario.replications_size() + scenario.bridges_size() + scenario.cache_clusters_size() > 0) {
    out += heading("What follows what");
  }
  for (const schema::Replication& one : scenario.replications()) {
    out += item(fmt::format("database of {} {} that of {}, {}", one.from(), one.one_way() ? "->" : "<->", one.to(),
                            one.profile()));
  }
  for (const schema::Bridge& one : scenario.bridges()) {
    out +=
        item(fmt::format("events of {} -> {}; when there is no connection: {}", one.from(), one.to(), one.when_down()));
  }
  for (const schema::CacheCluster& one : scenario.cache_clusters()) {
    out += item("token caches of " + joined(texts(one.sites())) + " are shared");
  }
  return out;
}

std::string events_text(const schema::Scenario& scenario) {
  const schema::Workload& workload = scenario.workload();
  std::string out;
  if (workload.populations_size() + workload.writes_size() > 0) out += heading("Workload");
  for (const schema::Population& population : workload.populations()) out += item(population_words(population));
  for (const schema::Write& write : workload.writes()) out += item(write_words(write));
  if (scenario.faults_size() + scenario.runbooks_size() + scenario.database_tasks_size() > 0) {
    out += heading("What happens");
  }
  for (const schema::Fault& fault : scenario.faults()) {
    out += item(fmt::format("{}: {} {}", fault.name(), choice_words(fault, "what"), start_words(fault)));
  }
  for (const schema::DatabaseTask& task : scenario.database_tasks()) {
    out += item(fmt::format("{}: {} of {} at {}", task.name(), choice_words(task, "what"), task.site(), task.at()));
  }
  for (const schema::Runbook& runbook : scenario.runbooks()) {
    std::vector<std::string> steps;
    for (const schema::Step& step : runbook.steps()) steps.push_back(step.name());
    out += item(fmt::format("runbook {}, {}: {}", runbook.name(),
                            runbook.has_when() ? condition_words(runbook.when()) : "at " + runbook.at(),
                            fmt::join(steps, ", then ")));
  }
  return out;
}

}  // namespace

std::string describe_text(const scenarios::Loaded& loaded, std::string_view source_text) {
  const schema::Scenario& scenario = loaded.scenario;
  std::string out = safe(scenario.name() + (scenario.title().empty() ? "" : ": " + scenario.title())) + "\n";
  out += wrapped(safe(fmt::format("{} of virtual time, {} by default.", spelled_length(scenario.duration()),
                                  counted(scenario.seeds(), "seed", "seeds"))),
                 0);
  if (!scenario.description().empty()) out += "\n" + wrapped(safe(scenario.description()), 0);
  const std::string comment = head_comment(source_text);
  if (!comment.empty()) out += heading("From the head of its file") + comment;
  out += deployment_text(scenario) + events_text(scenario);
  if (scenario.expectations_size() > 0) out += heading("Targets");
  for (const schema::Expectation& expectation : scenario.expectations()) out += item(expectation_words(expectation));
  if (scenario.not_covered_size() > 0) out += heading("Not covered");
  for (const std::string& text : scenario.not_covered()) out += item(text);
  return plain(out) + knobs_text(loaded);
}

std::string metrics_text() {
  std::string out;
  for (const scenarios::MetricDefinition& metric : scenarios::all_metrics()) {
    out += fmt::format("{} ({})\n", metric.name, to_string(metric.unit));
    out += wrapped("    " + metric.definition, 4);
  }
  return out + "\n" +
         wrapped(
             "A target is judged in the middle of the seeds: of six runs or more the 95 % interval of their median has "
             "to meet it, so that single runs may be past it; of fewer runs each one has to.",
             0);
}

}  // namespace parallax::reports
