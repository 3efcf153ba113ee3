// What is counted apart: the key that gateway and counter store must form alike (carbon-apimgt ThrottleHandler). Where
// the product joins strings, this is the same tuple of dense ids in 16 bytes:
//
//   application   appId:user@tenant                          (application, user)
//   subscription  appId:context:version:tier                 (application, API, tier)
//   API           context:version _default|_condition_n      (API, group, perhaps user)
//   resource      context/version+template:VERB, the same    (resource, group, perhaps user)
//   custom        what its template names                    (template, digest of the variables' values)
//   hard limit    context:version:keyType                    (API, key type)
//
// A burst limit counts by the subscription or application key, in a table of its own.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "models/domain/catalog.h"
#include "models/domain/ids.h"
#include "models/logic/caches/digest.h"

namespace parallax::logic::throttling {

enum class Level : std::uint8_t { kApplication, kSubscription, kApi, kResource, kCustom, kHardLimit };
inline constexpr std::size_t kLevels = 6;

using domain::KeyType;

/// A key template of custom policies.
enum class TemplateId : std::uint16_t {};

class ThrottleKey {
 public:
  /// Stands for all groups of an API or resource key at once; see with_group.
  static constexpr std::uint8_t kAnyGroup = 0xff;

  constexpr ThrottleKey() = default;

  static constexpr ThrottleKey application(domain::ApplicationId application, domain::UserId user) {
    return {Level::kApplication, 0, 0, join(domain::index(application), domain::index(user))};
  }
  static constexpr ThrottleKey subscription(domain::ApplicationId application, domain::ApiId api, domain::TierId tier) {
    return {Level::kSubscription, 0, domain::index(tier), join(domain::index(application), domain::index(api))};
  }
  /// `user` is kNoUser where all users are counted together.
  static constexpr ThrottleKey api(domain::ApiId api, std::uint8_t group, domain::UserId user = domain::kNoUser) {
    return {Level::kApi, group, 0, join(domain::index(api), domain::index(user))};
  }
  static constexpr ThrottleKey resource(domain::ResourceId resource, std::uint8_t group,
                                        domain::UserId user = domain::kNoUser) {
    return {Level::kResource, group, 0, join(domain::index(resource), domain::index(user))};
  }
  /// Keeps 104 bits of the digest: two keys of one template collide once in 2^52 of them.
  static constexpr ThrottleKey custom(TemplateId of, caches::Digest values) {
    const std::uint64_t place = static_cast<std::uint64_t>(of) << 40 | (values.high & kDigestMask);
    return {Level::kCustom, 0, place, values.low};
  }
  static constexpr ThrottleKey hard_limit(domain::ApiId api, KeyType type) {
    return {Level::kHardLimit, 0, static_cast<std::uint64_t>(type), domain::index(api)};
  }

  constexpr Level level() const { return static_cast<Level>(high_ >> 56); }
  constexpr bool is_grouped() const { return level() == Level::kApi || level() == Level::kResource; }

  /// Of an API or resource key: 0 for _default, n for _condition_n.
  constexpr std::uint8_t group() const { return static_cast<std::uint8_t>(high_ >> 48); }

  /// Of a subscription key: its tier. Keys of one subscription differ in nothing else.
  constexpr std::uint32_t tag() const { return static_cast<std::uint32_t>(high_); }

  /// Of a subscription key.
  constexpr domain::ApplicationId subscriber() const { return static_cast<domain::ApplicationId>(low_ >> 32); }
  constexpr domain::ApiId subscribed() const { return static_cast<domain::ApiId>(static_cast<std::uint32_t>(low_)); }

  /// Requires: is_grouped().
  constexpr ThrottleKey with_group(std::uint8_t group) const {
    ThrottleKey other = *this;
    other.high_ = (high_ & ~(std::uint64_t{0xff} << 48)) | std::uint64_t{group} << 48;
    return other;
  }

  friend constexpr auto operator<=>(ThrottleKey, ThrottleKey) = default;

  /// For boost's tables, which mix it once more.
  friend std::size_t hash_value(ThrottleKey key) { return key.low_ ^ key.high_ * 0x9e37'79b9'7f4a'7c15; }

 private:
  static constexpr std::uint64_t kDigestMask = (std::uint64_t{1} << 40) - 1;

  constexpr ThrottleKey(Level level, std::uint8_t group, std::uint64_t place, std::uint64_t low)
      : high_{static_cast<std::uint64_t>(level) << 56 | std::uint64_t{group} << 48 | place}, low_{low} {}
  static constexpr std::uint64_t join(std::uint64_t upper, std::uint64_t lower) { return upper << 32 | lower; }

  // Level in the upper 8 bits; a group in the next 8 (API, resource) or a template in bits 40 to 55 (custom).
  std::uint64_t high_{~std::uint64_t{0}};
  std::uint64_t low_{0};
};
static_assert(sizeof(ThrottleKey) == 16);

}  // namespace parallax::logic::throttling
