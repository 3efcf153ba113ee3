// A world for tests of the engine: sites that send each other messages at random, on whole milliseconds so that many
// events fall together. Every message is counted where it is sent and where it arrives. Sites run on several threads:
// what a talker counts is its own, and is added up after the run.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/fingerprint.h"
#include "sim/simulation.h"
#include "sim/timeouts.h"

namespace parallax::sim::testing {

/// What a record of this world says; body[1] is the message or the number of the round.
enum class Said : std::uint64_t { kSpoke = 1, kRefused, kHeard, kAnswered, kGaveUp, kCut, kMended };

class Chatter {
 public:
  struct Options {
    std::size_t talkers;    ///< the first sites of the simulation; the others stay silent
    VirtualTime until;      ///< nobody begins to talk later
    std::size_t voices{1};  ///< how many conversations each of them begins
    /// Timers that may run, processes, handlers, time-outs and faults on a condition too, not only messages and timers
    /// that are always cancelled. Without it a world is what it was when simulation_test.cpp wrote its journal down.
    bool uses_everything{false};
  };

  struct Counts {
    std::uint64_t sent{0};
    std::uint64_t arrived{0};
    std::uint64_t lost{0};            ///< as far as their senders know
    std::uint64_t lost_to_faults{0};  ///< of these
    std::uint64_t gave_up{0};         ///< time-outs that expired
    std::uint64_t answered{0};        ///< time-outs that did not
    std::uint64_t faults{0};          ///< beginnings and ends
  };

  Chatter(Simulation& simulation, Options options) : simulation_{simulation}, options_{options} {
    simulation.add_reader(
        [this](std::span<const Record> records) { journal.insert(journal.end(), records.begin(), records.end()); });
    for (std::size_t i = 0; i < options.talkers; ++i) {
      talkers_.push_back(std::make_unique<Talker>(*this, simulation.site(static_cast<SiteId>(i))));
    }
    // One site decides each fault on a condition.
    for (const std::uint32_t fault : faults_on_condition()) {
      talkers_[fault % options.talkers]->faults.push_back({fault, false});
    }
    for (const auto& talker : talkers_) {
      for (std::size_t voice = 0; voice < options.voices; ++voice) pause(*talker);
    }
  }
  Chatter(const Chatter&) = delete;
  Chatter& operator=(const Chatter&) = delete;

  std::vector<Record> journal;

  Counts counts() const {
    Counts sum;
    for (const auto& talker : talkers_) {
      sum.sent += talker->counts.sent;
      sum.arrived += talker->counts.arrived;
      sum.lost += talker->counts.lost;
      sum.lost_to_faults += talker->counts.lost_to_faults;
      sum.gave_up += talker->counts.gave_up;
      sum.answered += talker->counts.answered;
      sum.faults += talker->counts.faults;
    }
    return sum;
  }

  Fingerprint fingerprint() const {
    Hasher hasher;
    for (const Record& record : journal) hasher.add(record);
    return hasher.digest();
  }

 private:
  struct Fault {
    std::uint32_t number;
    bool is_on;
  };

  /// Touched by its own site alone.
  struct Talker final : EventHandler {
    Talker(Chatter& chatter, Site& where)
        : world{chatter},
          site{where},
          pause{where.stream(where.name(), "pause")},
          whom{where.stream(where.name(), "whom")},
          mood{where.stream(where.name(), "mood")},
          patience{where, milliseconds(15), [this](std::uint64_t message) { world.give_up(*this, message); }} {}

    void on_event() override { world.speak(*this, {}); }

    Chatter& world;
    Site& site;
    Stream pause;
    Stream whom;
    Stream mood;
    Timeouts<std::uint64_t> patience;  ///< by message
    std::vector<Fault> faults;         ///< that it decides
    Timer held{};
    std::uint64_t messages{0};
    Counts counts{};
  };

  std::set<std::uint32_t> faults_on_condition() const {
    std::set<std::uint32_t> faults;
    if (!options_.uses_everything) return faults;
    for (std::size_t link = 0; link < simulation_.network().links().size(); ++link) {
      const auto& of_link = simulation_.network().conditions_of(static_cast<LinkId>(link));
      faults.insert(of_link.begin(), of_link.end());
    }
    return faults;
  }

  void pause(Talker& self) {
    const auto wait = milliseconds(1 + static_cast<std::int64_t>(self.pause.below(5)));
    if (self.site.now() + wait < options_.until) self.site.after(wait, [this, &self] { talk(self); });
  }

  void talk(Talker& self) {
    const RecordId spoke = speak(self, {});
    // A timer that is always cancelled leaves no trace.
    self.site.cancel(
        self.site.after(milliseconds(1), [this, &self, spoke] { send(self, self.site.id(), Said::kSpoke, spoke); }));
    if (options_.uses_everything) do_something_else(self);
    pause(self);
  }

  void do_something_else(Talker& self) {
    switch (self.mood.below(16)) {
      case 0:
      case 1:
        self.held = self.site.after(milliseconds(4), [this, &self] { speak(self, {}); });
        break;
      case 2:
        self.site.cancel(self.held);  // one that waits, has run or was cancelled before
        break;
      case 3:
      case 4:
        muse(self.site, *this, self);
        break;
      case 5:
      case 6:
        self.site.wake_after(milliseconds(2), self);
        break;
      case 7:
      case 8:
      case 9:
        ask(self);
        break;
      case 10:
        turn_fault(self);
        break;
      default:
        break;
    }
  }

  static Process muse(Site& site, Chatter& world, Talker& self) {
    co_await site.delay(milliseconds(3));
    const RecordId spoke = world.speak(self, {});
    co_await site.delay(Duration{});
    world.speak(self, spoke);
  }

  /// Waits for the answer, which only one in three gives.
  void ask(Talker& self) { speak(self, {}, self.patience.begin(self.messages + 1) + 1); }

  void give_up(Talker& self, std::uint64_t message) {
    ++self.counts.gave_up;
    self.site.record({word(Said::kGaveUp), message, 0, 0, 0});
  }

  /// The faults that it decides take turns: each begins, and ends when its turn comes again.
  void turn_fault(Talker& self) {
    if (self.faults.empty()) return;
    Fault& fault = self.faults[self.counts.faults++ % self.faults.size()];
    fault.is_on = !fault.is_on;
    if (fault.is_on) {
      self.site.begin_fault(fault.number);
    } else {
      self.site.end_fault(fault.number);
    }
    self.site.record({word(fault.is_on ? Said::kCut : Said::kMended), fault.number, 0, 0, 0});
  }

  RecordId speak(Talker& self, RecordId cause, std::uint64_t patience = 0) {
    return send(self, static_cast<SiteId>(self.whom.below(options_.talkers)), Said::kSpoke, cause, patience);
  }

  /// `patience`: the number of the time-out that the answer ends, from 1; 0 for none.
  RecordId send(Talker& self, SiteId whom, Said what, RecordId cause, std::uint64_t patience = 0) {
    const SiteId from = self.site.id();
    const std::uint64_t message = index(from) << 32 | ++self.messages;
    const RecordId said = self.site.record({word(what), message, index(whom), 0, 0}, cause);
    ++self.counts.sent;
    const bool asks = what == Said::kSpoke;
    const Sent sent = self.site.send(whom, [this, from, whom, message, said, asks, patience] {
      hear(from, *talkers_[index(whom)], message, said, asks, patience);
    });
    if (!sent) {
      ++self.counts.lost;
      if (sent.fault) ++self.counts.lost_to_faults;
      self.site.record({word(Said::kRefused), message, index(whom), 0, 0}, said);
    }
    return said;
  }

  void hear(SiteId from, Talker& self, std::uint64_t message, RecordId said, bool asks, std::uint64_t patience) {
    ++self.counts.arrived;
    const RecordId heard = self.site.record({word(Said::kHeard), message, index(from), 0, 0}, said);
    if (asks && message % 3 == 0) send(self, from, Said::kAnswered, heard, patience);
    if (asks || patience == 0 || self.patience.find(patience - 1) == nullptr) return;
    self.patience.end(patience - 1);
    ++self.counts.answered;
  }

  static std::uint64_t word(Said what) { return static_cast<std::uint64_t>(what); }

  Simulation& simulation_;
  Options options_;
  std::vector<std::unique_ptr<Talker>> talkers_;
};

}  // namespace parallax::sim::testing
