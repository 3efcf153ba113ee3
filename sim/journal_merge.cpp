#include "sim/journal_merge.h"

#include <algorithm>

namespace parallax::sim {

void sort_instants(std::vector<Record>& journal) {
  for (auto first = journal.begin(); first != journal.end();) {
    const auto last = std::find_if(first, journal.end(), [&](const Record& r) { return r.time != first->time; });
    if (!std::is_sorted(first, last, journal_order)) std::sort(first, last, journal_order);
    first = last;
  }
}

void merge_journals(std::vector<std::span<const Record>>& journals, std::vector<Record>& merged) {
  using Rest = std::span<const Record>;
  const auto later = [](const Rest& a, const Rest& b) { return journal_order(b.front(), a.front()); };
  std::erase_if(journals, [](const Rest& journal) { return journal.empty(); });
  std::make_heap(journals.begin(), journals.end(), later);  // the journal with the next record comes first
  merged.clear();
  while (!journals.empty()) {
    std::pop_heap(journals.begin(), journals.end(), later);
    Rest rest = journals.back();
    journals.pop_back();
    // As long as this journal is ahead of all others its records go over without a look at the heap's order.
    do {
      merged.push_back(rest.front());
      rest = rest.subspan(1);
    } while (!rest.empty() && (journals.empty() || journal_order(rest.front(), journals.front().front())));
    if (rest.empty()) continue;
    journals.push_back(rest);
    std::push_heap(journals.begin(), journals.end(), later);
  }
}

}  // namespace parallax::sim
