# What others claim, on a terminal and as Markdown.
include(${CMAKE_CURRENT_LIST_DIR}/expectations.cmake)

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
expect_code(0 describe --claims)
expect_text("${out}" "003-twenty (paragraph 11)")
expect_text("${out}" "only if: they count together")
expect_code(0 describe --claims --markdown)
expect_text("${out}" "| text | claims | confirmed | refuted | only if | not modelled |")
expect_text("${out}" "| 003-twenty | 11 | However many gateways there are")
file(REMOVE_RECURSE ${SCRATCH})
