# Predictions against measurements: the files, the same bytes again, rows outside, and files that are wrong.
include(${CMAKE_CURRENT_LIST_DIR}/expectations.cmake)

file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})
set(MAPPING ${SOURCE}/scenarios/truth/truth.txtpb)

expect_code(0 truth ${MAPPING} --only express_memory --out first)
expect_text("${out}" "within   express_memory, 40 ms, 100/s: later bins, requests")
expect_text("${out}" "2 measured rows: all within")
expect_code(0 truth ${MAPPING} --only express_memory --out second --jobs 3)
foreach(name truth.html truth.json)
  file(SHA256 ${SCRATCH}/first/${name} first)
  file(SHA256 ${SCRATCH}/second/${name} second)
  if(NOT first STREQUAL second)
    message(SEND_ERROR "${name} that was made again is another one")
  endif()
endforeach()

# The binary alone suffices, wherever it stands; a scenario is one of its library.
expect_code(0 truth --only express_memory --json)
expect_text("${out}" "\"mapping\":\"scenarios/truth/truth.txtpb\"")
expect_text("${out}" "\"command\":\"parallax truth --only express_memory\"")
expect_code(0 truth --only "40 +- 5 ms" --json)
expect_text("${out}" "\"model\":\"truth/replication\"")

# A limit of 30 is not what was measured.
expect_code(1 truth ${MAPPING} --only express_memory --set limiters.limit=30 --json)
expect_text("${out}" "\"verdict\":\"fail\"")
expect_text("${out}" "\"rows_outside\":2")
if(EXISTS ${SCRATCH}/parallax-out)
  message(SEND_ERROR "--json alone has written files")
endif()

expect_code(5 truth ${MAPPING} --only nonsense)
expect_text("${err}" "--only: found \"nonsense\" in no group, setting or quantity")
expect_code(2 truth ${MAPPING} --only express_memory --set limiters.limt=30)
expect_text("${err}" "unknown field \"limt\" in LimitersTestbed; did you mean \"limit\"?")
expect_code(2 truth nowhere.txtpb)
expect_text("${err}" "nowhere.txtpb:1:1: cannot be opened")
file(WRITE ${SCRATCH}/broken.txtpb "groups { title: \"x\" mechanis: \"y\" }")
expect_code(2 truth broken.txtpb)
expect_text("${err}" "broken.txtpb:1:21: unknown field \"mechanis\" in TruthGroup; did you mean \"mechanism\"?")
expect_code(2 truth ${MAPPING} --jobs many)
file(WRITE ${SCRATCH}/file "")
expect_code(6 truth ${MAPPING} --only express_memory --out file)

file(REMOVE_RECURSE ${SCRATCH})
