// What is asked and answered about host names. An address stands for the data center that it leads to.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <type_traits>

#include "sim/record.h"
#include "sim/time.h"

namespace parallax::steering::dns {

/// A host name of the zone.
enum class NameId : std::uint32_t {};

constexpr std::size_t index(NameId name) { return static_cast<std::size_t>(name); }

enum class Code : std::uint8_t {
  kAddresses,
  kNoData,         ///< the name exists, and has no address
  kServerFailure,  ///< SERVFAIL: the resolver could not find out
};

/// Small enough to be carried in an action.
struct Answer {
  static constexpr std::size_t kMost = 8;  ///< Route 53's multivalue answers have no more either

  Code code{Code::kServerFailure};
  std::uint8_t count{0};
  std::array<sim::SiteId, kMost> addresses{};  ///< in the order in which a client tries them
  sim::Duration ttl{};                         ///< whole seconds; of kNoData the least of the SOA's two

  std::span<const sim::SiteId> all() const { return {addresses.data(), count}; }
  bool has_address() const { return count > 0; }

  void add(sim::SiteId address) {
    assert(count < kMost);
    addresses[count++] = address;
    code = Code::kAddresses;
  }
  friend bool operator==(const Answer&, const Answer&) = default;
};
static_assert(std::is_trivially_copyable_v<Answer> && sizeof(Answer) <= 32);

/// Whom an answer goes back to: an application, or the cache in it.
class Asker {
 public:
  /// `question`: as it was numbered by the asker.
  virtual void answered(std::uint64_t question, const Answer& answer) = 0;

 protected:
  ~Asker() = default;
};

/// As a resolver hears it.
struct Question {
  Asker* asker;
  sim::SiteId site;  ///< the asker's
  NameId name;
  std::uint64_t number;
};

}  // namespace parallax::steering::dns
