#include "models/steering/dns/resolver.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/domain/journal.h"
#include "sim/distribution.h"

namespace parallax::steering::dns {

namespace {

sim::Duration draw_clock_phase(const sim::Site& site, const std::string& name) {
  sim::Stream stream = site.stream(name, "clock phase");
  return sim::nanoseconds(static_cast<std::int64_t>(stream.below(1'000'000'000)));
}

Seconds whole_seconds(sim::Duration length) { return length / sim::seconds(1); }

}  // namespace

Resolver::Resolver(sim::Site& site, const std::string& name, std::uint32_t number, const ResolverSpec& spec,
                   Authority& authority, std::uint32_t names, std::size_t locations)
    : site_{site},
      number_{number},
      spec_{spec},
      authority_{authority},
      names_{names},
      clock_phase_{draw_clock_phase(site, name)},
      server_{spec.server, now()} {
  const std::size_t slots = names * (spec.client_subnet == ClientSubnet::kPassedOn ? locations : 1);
  entries_.resize(slots);
  fetches_.resize(slots);
  queries_.resize(slots + 1);
}

Resolver::Slot Resolver::slot_of(const Question& question) const {
  const auto name = static_cast<Slot>(index(question.name));
  if (spec_.client_subnet == ClientSubnet::kKept) return name;
  return name + names_ * static_cast<Slot>(sim::index(question.site));
}

// --- Clients

void Resolver::ask(const Question& question) {
  const Slot slot = slot_of(question);
  const Entry& entry = entries_[slot];
  const Seconds second = now();
  if (entry.is_held && entry.expires >= second) {
    Answer answer = entry.answer;
    answer.ttl = sim::seconds(entry.expires - second);
    reply(question, answer);
    if (spec_.prefetch == Prefetch::kOn && entry.is_good() && second >= entry.refresh) refresh(slot);
    return;
  }
  const Seconds limit = whole_seconds(spec_.served_expired_for);
  if (spec_.expired == Expired::kServed && entry.is_good() && (limit == 0 || entry.expires + limit >= second)) {
    Answer answer = entry.answer;
    answer.ttl = spec_.expired_answer_ttl;
    reply(question, answer);
    return refresh(slot);
  }
  fetches_[slot].waiting.push_back(question);
  if (!fetches_[slot].is_active) begin(slot);
}

void Resolver::reply(const Question& question, Answer answer) {
  site_.send(question.site,
             [asker = question.asker, number = question.number, answer] { asker->answered(number, answer); });
}

// --- Names that are asked for

void Resolver::refresh(Slot slot) {
  if (fetches_[slot].is_active) return;
  fetches_[slot].is_refresh = true;
  begin(slot);
}

void Resolver::begin(Slot slot) {
  Fetch& fetch = fetches_[slot];
  fetch.is_active = true;
  fetch.attempts = 0;
  fetch.losses = 0;
  fetch.asks_parent = spec_.parent_label == ParentLabel::kAskedFirst && parent_expires_ < now();
  advance(slot);
}

// The next attempt, or none.
void Resolver::advance(Slot slot) {
  Fetch& fetch = fetches_[slot];
  if (fetch.losses >= spec_.minimised_attempts) fetch.asks_parent = false;
  if (fetch.attempts >= spec_.attempts || !server_.may_be_asked(now())) return fail(slot);
  ++fetch.attempts;
  enqueue(fetch.asks_parent ? kParent : query_of(slot), slot);
}

void Resolver::finish(Slot slot, const Answer& answer) {
  Fetch& fetch = fetches_[slot];
  fetch.is_active = false;
  fetch.is_refresh = false;
  for (const Question& question : std::exchange(fetch.waiting, {})) reply(question, answer);
}

void Resolver::fail(Slot slot) {
  Entry& entry = entries_[slot];
  const Seconds second = now();
  const Seconds kept = whole_seconds(spec_.failure_ttl);
  const bool is_valid = entry.is_good() && entry.expires >= second;
  if (fetches_[slot].is_refresh && is_valid) {
    entry.refresh += kept;
  } else if (!is_valid && !(spec_.expired == Expired::kServed && entry.is_good())) {
    entry = {Answer{}, second + kept, second + kept, true};
  }
  finish(slot, Answer{});
}

void Resolver::store(Slot slot, const Answer& answer) {
  Entry& entry = entries_[slot];
  const sim::Duration greatest = answer.code == Code::kNoData ? spec_.greatest_negative_ttl : spec_.greatest_ttl;
  const Seconds ttl = whole_seconds(std::min(std::max(answer.ttl, spec_.least_ttl), greatest));
  if (entry.is_held && entry.answer.has_address() && answer.has_address() &&
      entry.answer.addresses[0] != answer.addresses[0]) {
    site_.record(domain::ResolverMoved{site_.id(), number_, entry.answer.addresses[0], answer.addresses[0]}.pack());
  }
  const Seconds second = now();
  entry = {answer, second + ttl, second + ttl - ttl / 10, true};
  entry.answer.ttl = sim::seconds(ttl);
}

// --- Queries to the authority

// It leaves when all that happens at this instant has happened: names that wait for one packet go on to the next
// together, and the first of them does not make the server look blocked to the others.
void Resolver::enqueue(std::size_t query, Slot slot) {
  queries_[query].waiting.push_back(slot);
  if (queries_[query].waiting.size() > 1) return;
  queries_[query].is_second = false;
  site_.at(site_.now(), [this, query] { transmit(query); });
}

void Resolver::transmit(std::size_t index) {
  Query& query = queries_[index];
  query.serial = ++serials_;
  query.timeout_ms = server_.ask(now());
  query.sent = site_.now();
  const bool is_for_name = index != kParent;
  const Slot slot = is_for_name ? static_cast<Slot>(index - 1) : 0;
  const sim::SiteId location =
      spec_.client_subnet == ClientSubnet::kPassedOn ? static_cast<sim::SiteId>(slot / names_) : site_.id();
  const AuthorityQuery asked{this,         site_.id(),
                             location,     is_for_name ? std::optional{NameId{slot % names_}} : std::nullopt,
                             query.serial, static_cast<std::uint32_t>(index)};
  site_.send(authority_.site().id(), [authority = &authority_, asked] { authority->ask(asked); });
  query.timer =
      site_.after(sim::milliseconds(query.timeout_ms), [this, index, serial = query.serial] { expire(index, serial); });
}

void Resolver::expire(std::size_t index, std::uint32_t serial) {
  Query& query = queries_[index];
  if (query.serial != serial) return;
  if (!query.is_second && sim::milliseconds(query.timeout_ms) < spec_.sent_twice_below) {
    query.is_second = true;
    return transmit(index);
  }
  server_.lost(query.timeout_ms, now());
  query.serial = 0;
  for (const Slot slot : std::exchange(query.waiting, {})) {
    ++fetches_[slot].losses;
    advance(slot);
  }
}

void Resolver::answered(std::size_t index, std::uint32_t serial, const Answer& answer) {
  Query& query = queries_[index];
  if (query.serial != serial) return;  // too late: it was given up, or sent again with another number
  site_.cancel(query.timer);
  query.serial = 0;
  server_.answered((site_.now() - query.sent) / sim::milliseconds(1), now());
  std::vector<Slot> waiting = std::exchange(query.waiting, {});
  if (index == kParent) return parent_answered(std::move(waiting), answer);
  for (const Slot slot : waiting) {
    store(slot, answer);
    finish(slot, entries_[slot].answer);
  }
}

// The label is empty. What was tried for it counts one less for the name [iter_dec_attempts].
void Resolver::parent_answered(std::vector<Slot> waiting, const Answer& answer) {
  const sim::Duration ttl = std::min(std::max(answer.ttl, spec_.least_ttl), spec_.greatest_negative_ttl);
  parent_expires_ = now() + whole_seconds(ttl);
  for (const Slot slot : waiting) {
    Fetch& fetch = fetches_[slot];
    fetch.asks_parent = false;
    fetch.losses = 0;
    if (fetch.attempts > 0) --fetch.attempts;
    advance(slot);
  }
}

}  // namespace parallax::steering::dns
