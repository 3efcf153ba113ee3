#include "scenarios/first_draft.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <map>

#include "scenarios/data/places.h"
#include "scenarios/data/round_trips.h"
#include "scenarios/extend.h"
#include "scenarios/fields.h"
#include "scenarios/shelf.h"

namespace parallax::scenarios {
namespace {

/// The line `name: "..."` says `name` instead.
std::string renamed(std::string text, const std::string& name) {
  constexpr std::string_view kField = "name: \"";
  const std::size_t line = text.starts_with(kField) ? 0 : text.find("\n" + std::string(kField)) + 1;
  const std::size_t begin = line + kField.size();
  return text.replace(begin, text.find('"', begin) - begin, name);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The comment lines right above a line, which counts from 1.
std::string comment_above(std::string_view text, int line) {
  const std::vector<std::string_view> lines = lines_of(text);
  const auto end = std::min(static_cast<std::size_t>(std::max(line - 1, 0)), lines.size());
  std::size_t begin = end;
  while (begin > 0 && lines[begin - 1].starts_with('#')) --begin;
  std::string comment;
  for (std::size_t i = begin; i < end; ++i) comment += std::string(lines[i]) + "\n";
  return comment;
}

/// One value of the scenario as text.
std::string block_text(const schema::Scenario& scenario, const FieldDescriptor& field, int index) {
  schema::Scenario alone;
  if (field.message_type() == nullptr) {
    copy_scalar(scenario, field, index, alone);
  } else if (field.is_repeated()) {
    alone.GetReflection()->AddMessage(&alone, &field)->CopyFrom(child(scenario, field, index));
  } else {
    mutable_child(alone, field, 0).CopyFrom(child(scenario, field, index));
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(alone, &text);
  return text;
}

/// `text`: of the scenario itself; those that it extends are the library's.
std::string written_out(const Draft& draft, std::string_view text) {
  const CarriedLibrary library;
  std::string out;
  const google::protobuf::Descriptor& type = *schema::Scenario::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    for (int k = 0; k < value_count(*draft.scenario, field); ++k) {
      const Place place = draft.places.nearest(*draft.scenario, field.number(), k);
      const std::string comment =
          place.source == 0 ? comment_above(text, place.line)
                            : comment_above(library.text(draft.places.source_of(place).name).text, place.line);
      if (!comment.empty() && !out.empty()) out += "\n";
      out += comment + block_text(*draft.scenario, field, k);
    }
  }
  return out;
}

/// The parts of a scenario over several places.
class Deployment {
 public:
  explicit Deployment(std::span<const std::string> sites) : sites_{sites} {
    for (data::RoundTrips& set : data::all_round_trips()) {
      if (set.name == kDraftSet) set_ = std::move(set);
    }
  }

  std::string links_between() const {
    std::string out;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      for (std::size_t k = i + 1; k < sites_.size(); ++k) out += link(sites_[i], sites_[k], sites_[i], sites_[k]);
    }
    return out;
  }

  std::string links_of_users() const {
    std::string out;
    for (const std::string& here : sites_) {
      out += fmt::format(
          "links {{ from: \"{0} users\" to: \"{0}\" delay {{ lognormal {{ p50: \"5ms\" p95: \"8ms\" least: \"4ms\" }} "
          "}} }}\n",
          here);
      for (const std::string& there : sites_) {
        if (there != here) out += link(here + " users", there, here, there);
      }
    }
    return out;
  }

  std::string regions() const {
    std::string out;
    for (const std::string& here : sites_) {
      std::string preferences;
      for (const std::string& site : by_distance(here)) preferences += fmt::format(" prefers: \"{}\"", site);
      out += fmt::format("regions {{ name: \"{} users\"{} }}\n", here, preferences);
    }
    return out;
  }

  template <typename Text>
  std::string each_site(const Text& text) const {
    std::string out;
    for (const std::string& site : sites_) out += text(site);
    return out;
  }

  std::string replications() const {
    std::string out;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      for (std::size_t k = i + 1; k < sites_.size(); ++k) {
        out += fmt::format("replications {{ from: \"{}\" to: \"{}\" ship_interval: \"1s\" apply_interval: \"1s\" }}\n",
                           sites_[i], sites_[k]);
      }
    }
    return out;
  }

 private:
  static std::string region(const std::string& site) { return std::string(data::find_place(site)->region); }

  std::string link(const std::string& from, const std::string& to, const std::string& here,
                   const std::string& there) const {
    return fmt::format(
        "links {{ from: \"{}\" to: \"{}\" delay {{ measured {{ set: \"{}\" from: \"{}\" to: \"{}\" }} }} }}\n", from,
        to, kDraftSet, region(here), region(there));
  }

  std::vector<std::string> by_distance(const std::string& here) const {
    std::vector<std::string> sites(sites_.begin(), sites_.end());
    const auto distance = [&](const std::string& there) {
      return there == here ? sim::Duration{} : set_.find(region(here), region(there))->p50;
    };
    std::stable_sort(sites.begin(), sites.end(),
                     [&](const std::string& a, const std::string& b) { return distance(a) < distance(b); });
    return sites;
  }

  std::span<const std::string> sites_;
  data::RoundTrips set_{};
};

}  // namespace

std::string draft_from(const LibraryEntry& entry, const std::string& name) {
  const std::string head = fmt::format("# Begun with: parallax init --from {}\n", entry.name);
  const std::string path = entry.name + ".txtpb";
  Draft draft = parse_text(path, entry.text);
  if (draft.scenario->extends().empty()) return head + renamed(std::string(entry.text), name);
  draft = extended(std::move(draft), path, CarriedLibrary{});
  draft.scenario->set_name(name);
  return head + written_out(draft, entry.text);
}

std::string draft_over(std::span<const std::string> sites, const std::string& name) {
  const Deployment deployment(sites);
  const std::string& lost = sites.back();
  std::string places;
  for (const std::string& site : sites) {
    const data::Place place = *data::find_place(site);
    places += fmt::format("{}{} ({})", places.empty() ? "" : ", ", place.where, place.region);
  }
  std::string out = fmt::format(
      "# {} data centers that all serve: {}. Begun with parallax init; every\n"
      "# value here is yours to change. What may stand here: parallax schema; what is measured: parallax describe "
      "--metrics.\n"
      "name: \"{}\"\n"
      "title: \"{} data centers, {} lost for ten minutes\"\n"
      "duration: \"30m\"\n\n",
      sites.size(), places, name, sites.size(), lost);
  out += "# Two all-in-one nodes and a database each; the nodes tell each other what has changed.\n";
  out += deployment.each_site([](const std::string& site) {
    return fmt::format("sites {{ name: \"{}\" nodes: \"node-1\" nodes: \"node-2\" clustering {{}} }}\n", site);
  });
  out += "\n# Geo DNS: users go to the nearest data center that is well.\n" + deployment.regions();
  out += "\n# Between the data centers: half of measured round trips (parallax list --data).\n" +
         deployment.links_between();
  out += "\n# From users to the nearest data center: our assumption; to the others: as far as between the two.\n" +
         deployment.links_of_users();
  out += "\n# Databases follow each other, every commit to all; a look for news every second.\n" +
         deployment.replications();
  out +=
      "\n# What there is at the start.\n"
      "catalog { apis: 50 applications: 200 subscriptions_per_application: 2 tokens: 2000 tiers { name: \"Gold\" "
      "limit: \"1000/m\" } }\n"
      "\n# Calls, and what administrators change meanwhile.\n"
      "workload {\n";
  out += deployment.each_site([](const std::string& site) {
    return fmt::format("  populations {{ name: \"{0}\" region: \"{0} users\" rate: \"20/s\" retries: 2 }}\n", site);
  });
  out += fmt::format(
      "  writes {{ name: \"revocations\" site: \"{0}\" revoke_tokens {{ rate: \"4/m\" }} }}\n"
      "  writes {{ name: \"new subscriptions\" site: \"{0}\" add_subscriptions {{ rate: \"4/m\" }} }}\n"
      "  writes {{ name: \"new APIs\" site: \"{0}\" publish_apis {{ count: 6 }} }}\n"
      "}}\n"
      "\n# What goes wrong.\n"
      "faults {{ name: \"{1} lost\" at: \"10m\" lasts: \"10m\" site_down {{ site: \"{1}\" }} }}\n"
      "\n# Your targets; the verdict is about these.\n"
      "expectations {{ metric: \"recovery.time_s\" at_most: \"5m\" }}\n"
      "expectations {{ metric: \"recovery.lost_writes\" at_most: \"0\" }}\n"
      "expectations {{ metric: \"window.token_revoked.p95\" at_most: \"1m\" }}\n",
      sites.front(), lost);
  return out;
}

}  // namespace parallax::scenarios
