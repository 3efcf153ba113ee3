#include "models/management/analytics.h"

#include <utility>

#include "models/domain/journal.h"

namespace parallax::management {

Analytics::Analytics(sim::Site& site, const sim::Power& power, const AnalyticsSpec& spec,
                     std::vector<runtime::Gateway*> gateways, std::size_t apis, std::vector<StatisticsHome> homes)
    : site_{site}, power_{power}, spec_{spec}, apis_{apis}, raw_{std::move(gateways), apis}, homes_{std::move(homes)} {}

void Analytics::start() {
  site_.after(spec_.bucket, [this] { turn_bucket(); });
  site_.after(spec_.summarise_interval, [this] { summarise(); });
  site_.after(spec_.ask_interval, [this] { ask(); });
}

StatisticsDatabase& Analytics::database() const {
  auto home = homes_.begin();
  while (home + 1 != homes_.end() && (home + 1)->from <= site_.now()) ++home;
  return *home->database;
}

void Analytics::send_to(StatisticsDatabase& database, const sim::Action& statement) {
  const sim::SiteId there = database.site().id();
  if (there == site_.id()) {
    site_.after(spec_.access_time, statement);
  } else {
    site_.send(there, statement);
  }
}

void Analytics::turn_bucket() {
  site_.after(spec_.bucket, [this] { turn_bucket(); });
  raw_.begin(site_.now().ns / spec_.bucket.ns);
}

void Analytics::summarise() {
  site_.after(spec_.summarise_interval, [this] { summarise(); });
  if (!power_.is_on()) return;
  raw_.collect();
  auto lines = raw_.lines(spec_.rewriting);
  if (lines.empty()) return;
  auto summary = std::make_unique<Summary>(Summary{++last_, spec_.rewriting, spec_.data_center, std::move(lines)});
  send_to(database(), [this, to = &database(), what = summary.get()] { write(*to, *what); });
  written_.emplace(last_, std::move(summary));
}

// At the database's site; the summary does not change while it is under way.
void Analytics::write(StatisticsDatabase& database, const Summary& summary) {
  if (!database.answers()) return;
  database.write(summary);
  if (database.site().id() == site_.id()) return confirmed(summary.number);
  database.site().send(site_.id(), [this, number = summary.number] {
    if (power_.is_on()) confirmed(number);
  });
}

// A later one contains what an earlier one did, and the raw data may have been lost meanwhile.
void Analytics::confirmed(std::uint64_t number) {
  const auto found = written_.find(number);
  if (number == last_ && found != written_.end()) raw_.summarised(found->second->lines);
  written_.erase(number);
}

void Analytics::ask() {
  site_.after(spec_.ask_interval, [this] { ask(); });
  if (!power_.is_on()) return;
  const auto question = static_cast<std::uint32_t>(site_.now().ns / spec_.ask_interval.ns);
  site_.record(domain::TotalsAsked{site_.id(), question}.pack());
  send_to(database(), [this, whom = &database(), question] { answer(*whom, question); });
}

// At the database's site: the records tell what it says, when it says it.
void Analytics::answer(StatisticsDatabase& database, std::uint32_t question) const {
  if (!database.answers()) return;
  const std::vector<std::uint64_t> totals = database.totals(apis_);
  for (std::size_t api = 0; api < totals.size(); ++api) {
    database.site().record(
        domain::TotalAnswered{site_.id(), question, static_cast<domain::ApiId>(api), totals[api]}.pack());
  }
}

void Analytics::disk_lost() {
  raw_.lose();
  ++last_;
}

void Analytics::close() {
  raw_.collect();
  const std::vector<std::uint64_t> totals = database().totals(apis_);
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    site_.record(domain::TotalClosed{site_.id(), api, totals[i], raw_.waiting(api)}.pack());
  }
}

}  // namespace parallax::management
