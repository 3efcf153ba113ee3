#include "sim/journal_merge.h"

#include <algorithm>
#include <queue>

namespace parallax::sim {

void sort_instants(std::vector<Record>& journal) {
  for (auto first = journal.begin(); first != journal.end();) {
    const auto last = std::find_if(first, journal.end(), [&](const Record& r) { return r.time != first->time; });
    if (!std::is_sorted(first, last, journal_order)) std::sort(first, last, journal_order);
    first = last;
  }
}

void merge_journals(std::span<const std::span<const Record>> journals, std::vector<Record>& merged) {
  using Rest = std::span<const Record>;
  const auto later = [](const Rest& a, const Rest& b) { return journal_order(b.front(), a.front()); };
  std::vector<Rest> rests;
  for (const Rest& journal : journals) {
    if (!journal.empty()) rests.push_back(journal);
  }
  std::priority_queue<Rest, std::vector<Rest>, decltype(later)> queue{later, std::move(rests)};
  merged.clear();
  while (!queue.empty()) {
    Rest rest = queue.top();
    queue.pop();
    // As long as this journal is ahead of all others its records go over without a look at the queue's order.
    do {
      merged.push_back(rest.front());
      rest = rest.subspan(1);
    } while (!rest.empty() && (queue.empty() || journal_order(rest.front(), queue.top().front())));
    if (!rest.empty()) queue.push(rest);
  }
}

}  // namespace parallax::sim
