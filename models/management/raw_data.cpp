#include "models/management/raw_data.h"

#include <algorithm>
#include <utility>

namespace parallax::management {

RawData::RawData(std::vector<runtime::Gateway*> gateways, std::size_t apis)
    : gateways_{std::move(gateways)}, collected_(apis) {
  for (runtime::Gateway* gateway : gateways_) gateway->count_decisions();
  buckets_.push_back(empty(0));
}

RawData::Bucket RawData::empty(std::int64_t number) const {
  return {number, std::vector<std::uint64_t>(collected_.size()), std::vector<std::uint64_t>(collected_.size())};
}

void RawData::collect() {
  Bucket& current = buckets_.back();
  for (std::size_t api = 0; api < collected_.size(); ++api) {
    std::uint64_t decided = 0;
    for (const runtime::Gateway* gateway : gateways_) decided += gateway->decided()[api];
    const std::uint64_t added = decided - std::exchange(collected_[api], decided);
    current.total[api] += added;
    current.waiting[api] += added;
  }
}

void RawData::begin(std::int64_t bucket) {
  collect();
  buckets_.push_back(empty(bucket));
}

std::vector<Summary::Line> RawData::lines(Rewriting rewriting) const {
  std::vector<Summary::Line> lines;
  for (const Bucket& bucket : buckets_) {
    const std::vector<std::uint64_t>& news = rewriting == Rewriting::kRecomputed ? bucket.total : bucket.waiting;
    for (std::size_t api = 0; api < collected_.size(); ++api) {
      if (news[api] == 0) continue;
      lines.push_back({static_cast<domain::ApiId>(api), bucket.number, bucket.total[api], bucket.waiting[api]});
    }
  }
  return lines;
}

std::uint64_t RawData::waiting(domain::ApiId api) const {
  std::uint64_t sum = 0;
  for (const Bucket& bucket : buckets_) sum += bucket.waiting[domain::index(api)];
  return sum;
}

void RawData::summarised(const std::vector<Summary::Line>& lines) {
  for (const Summary::Line& line : lines) {
    const auto bucket = std::ranges::find(buckets_, line.bucket, &Bucket::number);
    if (bucket != buckets_.end()) bucket->waiting[domain::index(line.api)] -= line.added;
  }
  const auto is_done = [](const Bucket& bucket) {
    return std::ranges::all_of(bucket.waiting, [](std::uint64_t count) { return count == 0; });
  };
  while (buckets_.size() > 1 && is_done(buckets_.front())) buckets_.pop_front();
}

void RawData::lose() {
  collect();
  const std::int64_t current = buckets_.back().number;
  buckets_.clear();
  buckets_.push_back(empty(current));
}

}  // namespace parallax::management
