// A world for tests of the engine: sites that send each other messages at random, on whole milliseconds so that many
// events fall together. Every message is counted where it is sent and where it arrives.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/fingerprint.h"
#include "sim/simulation.h"

namespace parallax::sim::testing {

/// What a record of this world says; body[1] is the message or the number of the round.
enum class Said : std::uint64_t { kSpoke = 1, kRefused, kHeard, kAnswered };

class Chatter {
 public:
  struct Options {
    std::size_t talkers;  ///< the first sites of the simulation; the others stay silent
    VirtualTime until;    ///< nobody begins to talk later
  };

  Chatter(Simulation& simulation, Options options) : simulation_{simulation}, options_{options} {
    simulation.add_reader(
        [this](std::span<const Record> records) { journal.insert(journal.end(), records.begin(), records.end()); });
    for (std::size_t i = 0; i < options.talkers; ++i) {
      Site& site = simulation.site(static_cast<SiteId>(i));
      talkers_.push_back({site.stream(site.name(), "pause"), site.stream(site.name(), "whom"), 0});
      pause(static_cast<SiteId>(i));
    }
  }
  Chatter(const Chatter&) = delete;
  Chatter& operator=(const Chatter&) = delete;

  std::vector<Record> journal;
  std::uint64_t sent{0};
  std::uint64_t lost{0};
  std::uint64_t arrived{0};

  Fingerprint fingerprint() const {
    Hasher hasher;
    for (const Record& record : journal) hasher.add(record);
    return hasher.digest();
  }

 private:
  struct Talker {
    Stream pause;
    Stream whom;
    std::uint64_t messages;
  };

  void pause(SiteId self) {
    Site& site = simulation_.site(self);
    const auto wait = milliseconds(1 + static_cast<std::int64_t>(talkers_[index(self)].pause.below(5)));
    if (site.now() + wait < options_.until) site.after(wait, [this, self] { talk(self); });
  }

  void talk(SiteId self) {
    const auto whom = static_cast<SiteId>(talkers_[index(self)].whom.below(options_.talkers));
    const RecordId spoke = send(self, whom, Said::kSpoke, {});
    // A timer that is always cancelled leaves no trace.
    Site& site = simulation_.site(self);
    site.cancel(site.after(milliseconds(1), [this, self, spoke] { send(self, self, Said::kSpoke, spoke); }));
    pause(self);
  }

  RecordId send(SiteId self, SiteId whom, Said what, RecordId cause) {
    Site& site = simulation_.site(self);
    const std::uint64_t message = index(self) << 32 | ++talkers_[index(self)].messages;
    const RecordId said = site.record({word(what), message, index(whom), 0, 0}, cause);
    ++sent;
    const bool asks = what == Said::kSpoke;
    if (!site.send(whom, [this, self, whom, message, said, asks] { hear(self, whom, message, said, asks); })) {
      ++lost;
      site.record({word(Said::kRefused), message, index(whom), 0, 0}, said);
    }
    return said;
  }

  void hear(SiteId from, SiteId self, std::uint64_t message, RecordId said, bool asks) {
    ++arrived;
    const RecordId heard = simulation_.site(self).record({word(Said::kHeard), message, index(from), 0, 0}, said);
    if (asks && message % 3 == 0) send(self, from, Said::kAnswered, heard);
  }

  static std::uint64_t word(Said what) { return static_cast<std::uint64_t>(what); }

  Simulation& simulation_;
  Options options_;
  std::vector<Talker> talkers_;
};

}  // namespace parallax::sim::testing
