#include "scenarios/trace_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/fault_times.h"
#include "scenarios/record_words.h"
#include "scenarios/result_tables.h"

namespace parallax::scenarios {

using domain::RecordKind;

namespace {

// How the time between a step and its cause was spent.
std::vector<audit::Piece> trace_pieces(const domain::Passage& passage, sim::VirtualTime begin, sim::VirtualTime end) {
  const bool has_two = passage.first != domain::Stage::kNone && passage.turn > begin && passage.turn <= end;
  if (!has_two) return {{passage.second, end - begin}};
  return {{passage.first, passage.turn - begin}, {passage.second, end - passage.turn}};
}

// Its cause, or the instant from which its passage counts.
sim::VirtualTime begin_of(const TraceSelection& selection, const TraceSelection::Step& step,
                          const domain::Passage& passage) {
  if (step.cause) return selection.steps()[*step.cause].record.time;
  const bool is_told = !step.record.cause.exists() && passage.second != domain::Stage::kNone;
  return is_told ? std::min(passage.turn, step.record.time) : step.record.time;
}

// The word for how a change ended, by its last record.
std::string ending_of(const sim::Record* last) {
  if (last == nullptr) return "under way";
  if (domain::kind_of(last->body) == RecordKind::kChangeAcknowledged) return "acknowledged";
  return std::string(word_of(domain::ChangeAbandoned::unpack(last->body).why));
}

}  // namespace

TraceDrawing::TraceDrawing(const audit::Setup& setup, const SeedRun& run, std::span<const std::string> populations,
                           TraceFile& file)
    : setup_{setup}, run_{run}, populations_{populations}, file_{file}, timeline_{file} {
  about_ = file_.process(fmt::format("seed {}", run.seed));
  faults_ = file_.process("faults");
  open_rows();
}

// Rows without events are not written.
void TraceDrawing::open_rows() {
  for (const std::string& name : run_.site_names) {
    const TrackId process = file_.process(name);
    sites_.push_back({process, timeline_.row(process, "database"), timeline_.row(process, "power"),
                      timeline_.row(process, "noticed")});
  }
  node_of_layer_.resize(setup_.layers);
  for (std::size_t node = 0; node < setup_.observers.size(); ++node) {
    const audit::Observer& observer = setup_.observers[node];
    const std::string& full = run_.node_names[node];
    const std::string name = full.substr(full.find('/') + 1);
    const TrackId process = sites_[sim::index(observer.site)].process;
    nodes_.push_back({timeline_.row(process, name), timeline_.row(process, name + ": entries"),
                      timeline_.row(process, name + ": not obeyed yet"),
                      timeline_.row(process, name + ": decided wrongly")});
    for (const auto& chain : observer.chains) {
      for (const domain::LayerId layer : chain) {
        const bool is_database =
            std::find(setup_.replicas.begin(), setup_.replicas.end(), layer) != setup_.replicas.end();
        auto& holder = node_of_layer_[domain::index(layer)];
        if (!is_database && !holder) holder = static_cast<domain::NodeId>(node);
      }
    }
  }
}

// Entries live long and many at a time: their lives would bury what else a node does.
RowId TraceDrawing::row_of(const TraceStep& what, const sim::Record& record, const sim::Record* cause) const {
  if (what.node) return nodes_[domain::index(*what.node)].node;
  const auto holder = node_of_layer_[domain::index(*what.layer)];
  if (!holder) return sites_[sim::index(record.id.site())].database;
  const bool is_life = domain::kind_of(record.body) == RecordKind::kEntryDropped && cause != nullptr &&
                       domain::kind_of(cause->body) == RecordKind::kEntryPut && trace_step(*cause)->layer == what.layer;
  const NodeRows& rows = nodes_[domain::index(*holder)];
  return is_life ? rows.entries : rows.node;
}

void TraceDrawing::draw(const TraceSelection& selection, const TraceBooks& books, const Lengths& lengths) {
  rank_ = static_cast<std::uint32_t>(selection.steps().size());
  draw_steps(selection);
  draw_windows(selection);
  draw_wrong_decisions();
  draw_faults(lengths.run);
  draw_outages(books.moments);
  for (const sim::Record& record : books.moments) draw_moment(record);
  draw_all_counts(books, lengths.interval);
  draw_summary(selection, books, lengths);
  timeline_.write();
}

void TraceDrawing::add(RowId row, sim::VirtualTime begin, sim::VirtualTime end, TraceEvent event,
                       std::vector<audit::Piece> pieces) {
  timeline_.add({row, begin, end, std::move(event), rank_, rank_, std::move(pieces)});
  ++rank_;
}

// An arrow has the number of the step that it leads to, counted from 1.
void TraceDrawing::draw_steps(const TraceSelection& selection) {
  const std::vector<TraceSelection::Step>& steps = selection.steps();
  Flows flows(steps.size());
  std::vector<std::optional<std::uint32_t>> ending(steps.size());
  for (std::uint32_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].cause) continue;
    const RecordKind kind = domain::kind_of(steps[i].record.body);
    const bool ends = kind == RecordKind::kChangeAcknowledged || kind == RecordKind::kChangeAbandoned;
    if (ends) {
      ending[*steps[i].cause] = i;
    } else {
      flows[*steps[i].cause].push_back(std::uint64_t{i} + 1);
    }
  }
  for (std::uint32_t i = 0; i < steps.size(); ++i) {
    const RecordKind kind = domain::kind_of(steps[i].record.body);
    if (kind == RecordKind::kChangeInvoked) draw_change(selection, flows, i, ending[i]);
    draw_step(selection, flows, i);
  }
}

// From the writer's call to its answer. What the database does of it meanwhile is caused by the call.
void TraceDrawing::draw_change(const TraceSelection& selection, const Flows& flows, std::uint32_t invocation,
                               std::optional<std::uint32_t> ending) {
  const sim::Record& record = selection.steps()[invocation].record;
  const sim::Record* const last = ending ? &selection.steps()[*ending].record : nullptr;
  const auto change = domain::ChangeInvoked::unpack(record.body);
  TraceEvent event{fmt::format("{} {}", domain::name_of(change.change), object_name(change.object)), "change"};
  event.notes = {{"id", id_of(run_, last != nullptr ? last->id : record.id)}, {"ending", ending_of(last)}};
  if (last != nullptr && domain::kind_of(last->body) == RecordKind::kChangeAcknowledged) {
    const auto version = domain::ChangeAcknowledged::unpack(last->body).version;
    event.notes.push_back({"version", std::int64_t{version.ordinal()}});
  }
  TraceSlice slice{nodes_[domain::index(change.writer)].node,
                   record.time,
                   last != nullptr ? last->time : run_.end,
                   std::move(event),
                   invocation,
                   ending.value_or(rank_),
                   {},
                   flows[invocation]};
  if (ending) slice.sent_last = flows[*ending];
  timeline_.add(std::move(slice));
}

void TraceDrawing::draw_step(const TraceSelection& selection, const Flows& flows, std::uint32_t number) {
  const TraceSelection::Step& step = selection.steps()[number];
  const auto what = trace_step(step.record);
  if (!what) return;
  const sim::VirtualTime end = step.record.time;
  const sim::VirtualTime begin = begin_of(selection, step, what->passage);
  const sim::Record* const cause = step.cause ? &selection.steps()[*step.cause].record : nullptr;
  const RowId row = row_of(*what, step.record, cause);
  TraceEvent event{what->name, what->category};
  if (step.cause) event.flows.push_back(std::uint64_t{number} + 1);
  event.notes = {{"id", id_of(run_, step.record.id)}};
  if (what->version) event.notes.push_back({"version", std::int64_t{what->version->ordinal()}});
  timeline_.add(
      {row, begin, end, std::move(event), number, number, trace_pieces(what->passage, begin, end), {}, flows[number]});
}

void TraceDrawing::draw_windows(const TraceSelection& selection) {
  std::size_t left = Trace::kMostWindows;
  for (const audit::WindowFinding& window : run_.findings.windows) {
    if (window.length.ns == 0 || !selection.find(window.id) || left == 0) continue;
    --left;
    TraceEvent event{fmt::format("{} {}", domain::name_of(window.change), object_name(window.object)), "window"};
    event.notes = {{"id", id_of(run_, window.id)},
                   {"ending", std::string(trace_word(window.ending))},
                   {"wrong_decisions", static_cast<std::int64_t>(window.wrong_decisions)}};
    add(nodes_[domain::index(window.observer)].windows, window.start, window.start + window.length, std::move(event),
        window.pieces);
  }
}

void TraceDrawing::draw_wrong_decisions() {
  const std::size_t count = std::min(run_.findings.listed.size(), Trace::kMostWrong);
  for (std::size_t i = 0; i < count; ++i) {
    const audit::WrongDecision& wrong = run_.findings.listed[i];
    TraceEvent event{fmt::format("{}: {}", audit::name_of(wrong.error), domain::name_of(wrong.what.outcome)),
                     "decision"};
    event.notes = {{"token", static_cast<std::int64_t>(wrong.what.token)},
                   {"api", static_cast<std::int64_t>(wrong.what.api)}};
    add(nodes_[domain::index(wrong.what.node)].wrong, wrong.time, wrong.time, std::move(event));
  }
}

void TraceDrawing::draw_faults(sim::Duration length) {
  for (const schema::Fault& fault : run_.faults) {
    const RowId row = timeline_.row(faults_, fault.name());
    for (const sim::Spell& spell : spells_of(fault, length, run_.seed)) {
      if (spell.from >= run_.end) break;
      add(row, spell.from, std::min(spell.until, run_.end), {fault.name(), "fault"});
    }
  }
}

// A site or node is down until it has power, and starts until it answers.
void TraceDrawing::draw_outages(const std::vector<sim::Record>& moments) {
  struct State {
    domain::SiteChange last{domain::SiteChange::kReady};
    sim::VirtualTime since{};
  };
  std::vector<State> sites(sites_.size());
  std::vector<State> nodes(nodes_.size());
  const auto step = [&](State& state, domain::SiteChange now, sim::VirtualTime time, RowId row,
                        const std::string& who) {
    if (state.last != domain::SiteChange::kReady && state.since < time) {
      const bool is_down = state.last == domain::SiteChange::kLost;
      add(row, state.since, time, {fmt::format("{} {}", who, is_down ? "down" : "starting"), "outage"});
    }
    state = {now, time};
  };
  const auto power = [&](domain::NodeId node) {
    return sites_[sim::index(setup_.observers[domain::index(node)].site)].power;
  };
  for (const sim::Record& record : moments) {
    const RecordKind kind = domain::kind_of(record.body);
    if (kind == RecordKind::kNodeChanged) {
      const auto node = domain::NodeChanged::unpack(record.body);
      const std::size_t number = domain::index(node.node);
      step(nodes[number], node.change, record.time, power(node.node), run_.node_names[number]);
    } else if (kind == RecordKind::kSiteChanged) {
      const auto site = domain::SiteChanged::unpack(record.body);
      const std::size_t number = sim::index(site.site);
      if (site.change > domain::SiteChange::kReady) continue;
      step(sites[number], site.change, record.time, sites_[number].power, run_.site_names[number]);
    }
  }
  constexpr auto kOver = domain::SiteChange::kReady;
  for (std::size_t i = 0; i < sites.size(); ++i) step(sites[i], kOver, run_.end, sites_[i].power, run_.site_names[i]);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    step(nodes[i], kOver, run_.end, power(static_cast<domain::NodeId>(i)), run_.node_names[i]);
  }
}

void TraceDrawing::draw_moment(const sim::Record& record) {
  const std::optional<TraceMoment> moment = trace_moment(record, run_.site_names);
  if (!moment) return;
  const SiteRows& site = sites_[sim::index(moment->site)];
  add(moment->is_of_database ? site.database : site.noticed, record.time, record.time,
      {moment->name, moment->category});
}

// An interval's number stands at its beginning, where it is another than the last.
void TraceDrawing::draw_counts(TrackId process, const std::string& name, const TraceCounts& counts,
                               sim::Duration interval) {
  if (counts.empty()) return;
  const TrackId counter = file_.counter(
      process,
      interval == sim::seconds(1) ? name + "/s" : fmt::format("{} in {} s", name, interval.ns / sim::seconds(1).ns));
  std::uint32_t last = 0;
  const auto at = [&](std::size_t i) { return sim::VirtualTime{static_cast<std::int64_t>(i) * interval.ns}; };
  timeline_.count(counter, at(0), counts.front());
  last = counts.front();
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] != last) timeline_.count(counter, at(i), counts[i]);
    last = counts[i];
  }
  if (last != 0) timeline_.count(counter, std::min(at(counts.size()), run_.end), 0);
}

void TraceDrawing::draw_all_counts(const TraceBooks& books, sim::Duration interval) {
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    draw_counts(sites_[i].process, "requests", books.requests[i], interval);
    draw_counts(sites_[i].process, "refused", books.refused[i], interval);
  }
  for (std::size_t i = 0; i < books.answered.size(); ++i) {
    const TrackId region = sites_[sim::index(setup_.region_of_population[i])].process;
    draw_counts(region, populations_[i] + ": answered", books.answered[i], interval);
    draw_counts(region, populations_[i] + ": failed", books.failed[i], interval);
  }
}

// The run as one slice, with what is shown of it and what is not.
void TraceDrawing::draw_summary(const TraceSelection& selection, const TraceBooks& books, const Lengths& lengths) {
  TraceEvent event{"what is shown of the run", "about"};
  const auto note = [&](std::string_view name, std::uint64_t number) {
    event.notes.push_back({name, static_cast<std::int64_t>(number)});
  };
  for (const auto& [kind, count] : selection.changes()) {
    event.notes.push_back({domain::name_of(kind), fmt::format("{} of {} changes", count.shown, count.all)});
  }
  std::uint64_t wrong = 0;
  for (const auto& node : run_.findings.minutes) {
    for (const auto& minute : node) wrong += minute.wrong_allow + minute.wrong_deny + minute.wrong_variant;
  }
  note("wrong decisions", wrong);
  note("wrong decisions shown", std::min(run_.findings.listed.size(), Trace::kMostWrong));
  note("steps left out", selection.steps_left_out());
  note("moments left out", books.moments_left_out);
  note("seconds of a count", static_cast<std::uint64_t>(lengths.interval.ns / sim::seconds(1).ns));
  add(timeline_.row(about_, "about"), {}, run_.end, std::move(event));
}

}  // namespace parallax::scenarios
