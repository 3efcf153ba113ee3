// Dense ids: each is an index into the table of its kind, so that look-ups are array accesses.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "sim/record.h"

namespace parallax::domain {

using sim::SiteId;

enum class NodeId : std::uint16_t {};        ///< all nodes of all data centers, in scenario order
enum class LayerId : std::uint16_t {};       ///< anything that holds a copy: a cache, a replica, deployed artifacts
enum class PopulationId : std::uint16_t {};  ///< clients
enum class TokenId : std::uint32_t {};
enum class ApiId : std::uint32_t {};
enum class ApplicationId : std::uint32_t {};
enum class SubscriptionId : std::uint32_t {};
enum class TierId : std::uint16_t {};      ///< a throttling policy of any level
enum class ResourceId : std::uint32_t {};  ///< one URI template and verb of one API
enum class UserId : std::uint32_t {};      ///< user@tenant
enum class ClientId : std::uint32_t {};    ///< an OAuth client: a consumer key
enum class TenantId : std::uint32_t {};
enum class Jurisdiction : std::uint16_t {};  ///< whose law a user or a site is under; 0: nobody asks
enum class ScopeId : std::uint32_t {};
enum class TopicId : std::uint16_t {};  ///< of events between nodes

inline constexpr SubscriptionId kNoSubscription{0xffff'ffff};
inline constexpr ApiId kNoApi{0xffff'ffff};
inline constexpr ApplicationId kNoApplication{0xffff'ffff};
inline constexpr ResourceId kNoResource{0xffff'ffff};
inline constexpr UserId kNoUser{0xffff'ffff};
inline constexpr ClientId kNoClient{0xffff'ffff};
inline constexpr TierId kUnlimited{0xffff};

template <typename Id>
requires std::is_enum_v<Id>
constexpr std::size_t index(Id id) { return static_cast<std::size_t>(id); }

enum class ObjectKind : std::uint8_t { kToken, kApi, kSubscription, kPolicy };
inline constexpr std::size_t kObjectKinds = 4;

/// Anything that a change can change: kind in the upper 4 bits, id in the lower 28.
struct ObjectRef {
  std::uint32_t packed{0};

  static constexpr ObjectRef of(TokenId id) { return make(ObjectKind::kToken, static_cast<std::uint32_t>(id)); }
  static constexpr ObjectRef of(ApiId id) { return make(ObjectKind::kApi, static_cast<std::uint32_t>(id)); }
  static constexpr ObjectRef of(SubscriptionId id) {
    return make(ObjectKind::kSubscription, static_cast<std::uint32_t>(id));
  }
  static constexpr ObjectRef of(TierId id) { return make(ObjectKind::kPolicy, static_cast<std::uint32_t>(id)); }
  constexpr ObjectKind kind() const { return static_cast<ObjectKind>(packed >> 28); }
  constexpr std::uint32_t id() const { return packed & 0x0fff'ffff; }
  constexpr bool exists() const { return packed != kNothing; }
  static constexpr ObjectRef nothing() { return {kNothing}; }
  friend constexpr auto operator<=>(ObjectRef, ObjectRef) = default;

 private:
  static constexpr std::uint32_t kNothing = 0xffff'ffff;
  static constexpr ObjectRef make(ObjectKind kind, std::uint32_t id) {
    return {static_cast<std::uint32_t>(kind) << 28 | id};
  }
};

/// A version of an object, ordered as a Lamport timestamp: how many changes the writer had seen (upper 22 bits), then
/// the writer's site (lower 10), so that concurrent writes of two sites have an order too. 0: the object was never
/// there.
struct Version {
  std::uint32_t packed{0};

  static constexpr Version of(std::uint32_t ordinal, SiteId site) {
    return {ordinal << 10 | static_cast<std::uint32_t>(site)};
  }
  constexpr std::uint32_t ordinal() const { return packed >> 10; }
  constexpr Version next(SiteId writer) const { return of(ordinal() + 1, writer); }
  friend constexpr auto operator<=>(Version, Version) = default;
};

}  // namespace parallax::domain
