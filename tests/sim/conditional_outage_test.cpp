// Faults that a site begins and ends during the run, on lines of sites worked out by hand, with one thread and with
// two.
#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "sim/simulation.h"

namespace parallax::sim {
namespace {

constexpr SiteId a{0};
constexpr SiteId b{1};
constexpr SiteId c{2};
constexpr SiteId d{3};
constexpr LinkId ab{0};
constexpr LinkId bc{1};
constexpr std::uint32_t kFault = 1;
constexpr Duration kInstant = nanoseconds(1);

VirtualTime at(Duration since) { return VirtualTime{} + since; }

LinkSpec link(SiteId from, SiteId to, Duration delay) { return {from, to, Distribution::constant(delay)}; }

/// a to b in 10 ms, b to c in 20, and back. The lookahead is 10 ms.
SimulationSpec line(LinkId cut, unsigned threads) {
  return {.seed = 1,
          .sites = {"a", "b", "c"},
          .links = {link(a, b, milliseconds(10)), link(b, c, milliseconds(20)), link(b, a, milliseconds(10)),
                    link(c, b, milliseconds(20))},
          .outages = {},
          .faults = 2,
          .conditional_outages = {{cut, kFault}},
          .threads = threads};
}

/// The same, and another way from b to c through d, in 15 + 15 ms.
SimulationSpec line_with_detour(LinkId cut, unsigned threads) {
  SimulationSpec spec = line(cut, threads);
  spec.sites.push_back("d");
  spec.links.push_back(link(b, d, milliseconds(15)));
  spec.links.push_back(link(d, c, milliseconds(15)));
  return spec;
}

/// What became of messages; each has its own place.
class Post {
 public:
  struct Fate {
    Sent sent{};
    VirtualTime arrived{kNever};
  };

  explicit Post(SimulationSpec spec) : simulation_{std::move(spec)}, fates_(20) {}

  void begin(SiteId decider, Duration when) {
    simulation_.site(decider).at(at(when), [this, decider] { simulation_.site(decider).begin_fault(kFault); });
  }
  void end(SiteId decider, Duration when) {
    simulation_.site(decider).at(at(when), [this, decider] { simulation_.site(decider).end_fault(kFault); });
  }
  /// Returns the number of the message.
  std::size_t send(SiteId from, SiteId to, Duration when) {
    const std::size_t number = sent_++;
    simulation_.site(from).at(at(when), [this, from, to, number] {
      fates_.at(number).sent = simulation_.site(from).send(
          to, [this, to, number] { fates_.at(number).arrived = simulation_.site(to).now(); });
    });
    return number;
  }

  void run() { simulation_.run(at(seconds(1))); }

  bool was_accepted(std::size_t message) const { return fates_.at(message).sent.on_its_way; }
  std::optional<std::uint32_t> fault(std::size_t message) const { return fates_.at(message).sent.fault; }
  VirtualTime arrival(std::size_t message) const { return fates_.at(message).arrived; }
  std::uint64_t touched() const { return simulation_.touched().at(kFault); }
  std::uint64_t touched_by_others() const { return simulation_.touched().at(0); }

 private:
  Simulation simulation_;
  std::vector<Fate> fates_;
  std::size_t sent_{0};
};

TEST_CASE("a fault acts at once on the links of the site that decides it") {
  for (const unsigned threads : {1U, 2U}) {
    Post post{line(ab, threads)};
    const std::size_t before = post.send(a, b, milliseconds(100));  // scheduled first, in the instant of the fault
    post.begin(a, milliseconds(100));
    const std::size_t after = post.send(a, b, milliseconds(100));
    const std::size_t later = post.send(a, c, milliseconds(150));
    const std::size_t back = post.send(b, a, milliseconds(150));  // the other direction is another link
    post.run();
    CHECK(post.arrival(before) == at(milliseconds(110)));
    CHECK_FALSE(post.was_accepted(after));
    CHECK(post.fault(after) == kFault);
    CHECK_FALSE(post.was_accepted(later));
    CHECK(post.fault(later) == kFault);
    CHECK(post.arrival(back) == at(milliseconds(160)));
    CHECK(post.touched() == 2);
    CHECK(post.touched_by_others() == 0);
  }
}

TEST_CASE("a fault acts on the links of another site exactly one lookahead later") {
  for (const unsigned threads : {1U, 2U}) {
    // a decides at 100 ms what happens to b's link; b knows from 110 ms.
    Post post{line(bc, threads)};
    post.begin(a, milliseconds(100));
    const std::size_t before = post.send(b, c, milliseconds(110) - kInstant);
    const std::size_t from_then = post.send(b, c, milliseconds(110));  // scheduled by b, which comes after a
    post.run();
    CHECK(post.arrival(before) == at(milliseconds(130) - kInstant));
    CHECK_FALSE(post.was_accepted(from_then));
    CHECK(post.fault(from_then) == kFault);
    CHECK(post.touched() == 1);
  }
}

TEST_CASE("the site that decides knows at once that another's link is cut, the others a lookahead later") {
  for (const unsigned threads : {1U, 2U}) {
    Post post{line(bc, threads)};
    post.begin(b, milliseconds(100));
    const std::size_t by_b = post.send(b, c, milliseconds(100));
    const std::size_t unaware = post.send(a, c, milliseconds(110) - kInstant);  // leaves, to be stopped at b
    const std::size_t aware = post.send(a, c, milliseconds(110) + kInstant);    // does not leave
    post.run();
    CHECK(post.fault(by_b) == kFault);
    CHECK(post.was_accepted(unaware));
    CHECK(post.arrival(unaware) == kNever);
    CHECK_FALSE(post.was_accepted(aware));
    CHECK(post.fault(aware) == kFault);
    CHECK(post.touched() == 3);
  }
}

TEST_CASE("a fault that begins while a message is under way stops it before the link, not within it") {
  for (const unsigned threads : {1U, 2U}) {
    // b decides about its own link at 100 ms. What leaves a at t comes to b at t + 10 ms and is at c at t + 30 ms.
    Post post{line(bc, threads)};
    const std::size_t within = post.send(a, c, milliseconds(90) - kInstant);  // enters b's link a nanosecond before
    const std::size_t before = post.send(a, c, milliseconds(90) + kInstant);
    post.begin(b, milliseconds(100));
    post.run();
    CHECK(post.arrival(within) == at(milliseconds(120) - kInstant));
    CHECK(post.was_accepted(before));
    CHECK_FALSE(post.fault(before).has_value());
    CHECK(post.arrival(before) == kNever);
    CHECK(post.touched() == 1);
  }
}

TEST_CASE("a message that is stopped on its way takes another from there, if there is one") {
  for (const unsigned threads : {1U, 2U}) {
    Post post{line_with_detour(bc, threads)};
    const std::size_t within = post.send(a, c, milliseconds(90) - kInstant);
    const std::size_t around = post.send(a, c, milliseconds(90) + kInstant);
    post.begin(b, milliseconds(100));
    const std::size_t at_once = post.send(b, c, milliseconds(105));
    post.run();
    CHECK(post.arrival(within) == at(milliseconds(120) - kInstant));
    CHECK(post.arrival(around) == at(milliseconds(130) + kInstant));  // at b at 100 ms, then 15 + 15
    CHECK(post.arrival(at_once) == at(milliseconds(135)));
    CHECK(post.touched() == 0);  // no message was kept from anything
  }
}

TEST_CASE("a message that nobody stops arrives at the same time as without the condition") {
  for (const unsigned threads : {1U, 2U}) {
    SimulationSpec plain = line(bc, threads);
    plain.conditional_outages.clear();
    for (const SimulationSpec& spec : {plain, line(bc, threads)}) {
      Post post{spec};
      const std::size_t there = post.send(a, c, milliseconds(50));
      const std::size_t back = post.send(c, a, milliseconds(50));
      post.run();
      CHECK(post.arrival(there) == at(milliseconds(80)));
      CHECK(post.arrival(back) == at(milliseconds(80)));
    }
  }
}

TEST_CASE("the end of a fault restores its links, at the deciding site at once, elsewhere a lookahead later") {
  for (const unsigned threads : {1U, 2U}) {
    Post own{line(ab, threads)};
    own.begin(a, milliseconds(100));
    const std::size_t during = own.send(a, c, milliseconds(200));
    own.end(a, milliseconds(200));
    const std::size_t after = own.send(a, c, milliseconds(200));
    own.run();
    CHECK(own.fault(during) == kFault);
    CHECK(own.arrival(after) == at(milliseconds(230)));
    CHECK(own.touched() == 1);

    Post others{line(bc, threads)};
    others.begin(a, milliseconds(100));
    others.end(a, milliseconds(200));
    const std::size_t unaware = others.send(b, c, milliseconds(210) - kInstant);
    const std::size_t aware = others.send(b, c, milliseconds(210));
    others.run();
    CHECK(others.fault(unaware) == kFault);
    CHECK(others.arrival(aware) == at(milliseconds(230)));
    CHECK(others.touched() == 1);
  }
}

TEST_CASE("what begins and ends within a lookahead is known elsewhere for as long, as late") {
  for (const unsigned threads : {1U, 2U}) {
    // 3 ms at a, from 100 ms; the same 3 ms at b, from 110 ms.
    Post post{line(bc, threads)};
    post.begin(a, milliseconds(100));
    post.end(a, milliseconds(103));
    const std::size_t before = post.send(b, c, milliseconds(109));
    const std::size_t during = post.send(b, c, milliseconds(112));
    const std::size_t after = post.send(b, c, milliseconds(113));
    post.run();
    CHECK(post.arrival(before) == at(milliseconds(129)));
    CHECK(post.fault(during) == kFault);
    CHECK(post.arrival(after) == at(milliseconds(133)));
  }
}

TEST_CASE("a fault that begins before the run holds everywhere after the first lookahead") {
  for (const unsigned threads : {1U, 2U}) {
    Simulation simulation{line(bc, threads)};
    simulation.site(c).begin_fault(kFault);
    std::vector<bool> accepted;
    for (const Duration when : {milliseconds(9), milliseconds(11)}) {
      simulation.site(b).at(at(when), [&] { accepted.push_back(simulation.site(b).send(c, [] {}).on_its_way); });
    }
    simulation.run(at(seconds(1)));
    CHECK(accepted == std::vector{true, false});
  }
}

}  // namespace
}  // namespace parallax::sim
