// What applications keep of their resolver's answers, by hand and as a distribution.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/models/steering/dns/resolved.h"
#include "tests/models/support/statistics.h"

namespace parallax::test {

namespace dns = steering::dns;
using dns::NameId;
using sim::milliseconds;
using sim::seconds;

namespace {

constexpr sim::VirtualTime at(sim::Duration when) { return sim::VirtualTime{} + when; }

/// An application beside the resolver that needs the address all the time.
class Application final : dns::ClientCaches::User {
 public:
  Application(Resolved& world, const dns::ClientCacheSpec& spec)
      : site_{world.simulation().site(Resolved::kResolver)},
        cache_{site_, NameId{0}, {spec}, {&world.resolver()}, static_cast<dns::ClientCaches::User&>(*this)} {
    cache_.add(0, 0);
  }

  void use_every(sim::Duration period, sim::VirtualTime first) {
    site_.at(first, [this, period] {
      cache_.resolve(0);
      use_every(period, site_.now() + period);
    });
  }
  void use_at(sim::VirtualTime when) {
    site_.at(when, [this] { cache_.resolve(0); });
  }
  dns::ClientCaches& cache() { return cache_; }

  struct Told {
    sim::VirtualTime when;
    dns::Answer answer;
  };
  const std::vector<Told>& told() const { return told_; }
  sim::VirtualTime first_new() const {
    for (const Told& one : told_) {
      if (one.answer.has_address() && one.answer.addresses[0] == Resolved::kNew) return one.when;
    }
    return sim::kNever;
  }

 private:
  void resolved(std::uint32_t, const dns::Answer& answer) override { told_.push_back({site_.now(), answer}); }

  sim::Site& site_;
  dns::ClientCaches cache_;
  std::vector<Told> told_{};
};

sim::VirtualTime follows_at(std::string_view profile, std::uint64_t seed, sim::VirtualTime change, sim::Duration end) {
  Resolved world{dns::unbound(), Resolved::zone(seconds(1)), seed};
  world.change_at(change, NameId{0}, Resolved::record(seconds(1), Resolved::kNew));
  Application application{world, *dns::client_cache_named(profile)};
  sim::Stream phases{seed, "test", "start"};
  application.use_every(milliseconds(50),
                        at(sim::nanoseconds(static_cast<std::int64_t>(phases.below(60'000'000'000)))));
  world.run_until(end);
  return application.first_new();
}

}  // namespace

// The resolver's TTL is 1 s, so what counts is the application's: U(0, 30) or U(0, 60), and up to 2 s more.
TEST_CASE("browsers and Java follow a change within their own time") {
  for (const auto& [profile, kept] : {std::pair{"jvm", 30.0}, std::pair{"browser", 60.0}}) {
    std::vector<double> windows;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
      const sim::VirtualTime followed = follows_at(profile, seed, at(seconds(200)), seconds(265));
      REQUIRE(followed != sim::kNever);
      windows.push_back(static_cast<double>((followed - at(seconds(200))).ns) / 1e9);
    }
    CHECK(*std::max_element(windows.begin(), windows.end()) <= kept + 2.1);
    const auto law = [longest = kept](double x) { return std::clamp((x - 0.5) / longest, 0.0, 1.0); };
    CHECK(kolmogorov_distance(windows, law) < kolmogorov_critical(windows.size()));
  }
}

TEST_CASE("a process that keeps addresses for ever follows when it is started again") {
  CHECK(follows_at("jvm_security_manager", 1, at(seconds(100)), seconds(3'000)) == sim::kNever);
  Resolved world{dns::unbound(), Resolved::zone(seconds(1))};
  world.change_at(at(seconds(100)), NameId{0}, Resolved::record(seconds(1), Resolved::kNew));
  Application application{world, *dns::client_cache_named("jvm_security_manager")};
  application.use_every(milliseconds(50), at(seconds(1)));
  world.simulation().site(Resolved::kResolver).at(at(seconds(500)), [&application] { application.cache().clear(0); });
  world.run_until(seconds(510));
  CHECK(application.first_new() == at(seconds(500) + milliseconds(20)));
}

// Asked at 10 s, again 5 s later, given up after another 5. A failure is kept for 10 s, then asked for again.
TEST_CASE("a question without an answer is asked twice, and the failure kept for a while") {
  Resolved world{dns::unbound(), Resolved::zone(seconds(60))};
  world.authority().lost();
  Application application{world, *dns::client_cache_named("jvm")};
  for (const int second : {10, 12, 25, 31}) application.use_at(at(seconds(second)));
  world.run_until(seconds(45));
  const auto& told = application.told();
  REQUIRE(told.size() >= 2);
  CHECK(told[0].when == at(seconds(20)));  // for who asked at 10 and at 12
  CHECK(told[0].answer.code == dns::Code::kServerFailure);
  CHECK(told[1].when == at(seconds(25)));
  // At 31 s the resolver has cached the failure that it found at 27.296 s, and answers at once.
  REQUIRE(told.size() == 3);
  CHECK(told[2].when == at(seconds(31)));
}

TEST_CASE("client caches are found by name") {
  CHECK(dns::client_cache_named("browser")->kept == seconds(60));
  CHECK_FALSE(dns::client_cache_named("no such"));
  double share = 0;
  for (const dns::ResolverClass& one : dns::resolver_classes()) share += one.share;
  CHECK(share == Approx(1));
}

}  // namespace parallax::test
