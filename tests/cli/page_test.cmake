# Plays a page of docs: each of its indented lines that begins with "parallax", in order, in an empty folder, in a shell
# in which `parallax` is the binary. A comment "exit N" says that it ends so; else it ends with 0. A block between
# "<!-- file NAME -->" and the next line that is not indented is written to that file first.
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH}/bin ${SCRATCH}/work)
file(CREATE_LINK ${PARALLAX} ${SCRATCH}/bin/parallax SYMBOLIC)

file(READ ${PAGE} text)
string(REPLACE ";" "\\;" text "${text}")
string(REPLACE "[" "\\[" text "${text}")
string(REPLACE "]" "\\]" text "${text}")
string(REPLACE "\n" ";" lines "${text}")

set(played 0)
set(file "")
foreach(line IN LISTS lines)
  string(REPLACE "\\[" "[" line "${line}")
  string(REPLACE "\\]" "]" line "${line}")
  if(line MATCHES "^<!-- file ([a-z_./-]+) -->$")
    set(file ${SCRATCH}/work/${CMAKE_MATCH_1})
    file(WRITE ${file} "")
  elseif(file AND line MATCHES "^    (.*)$")
    file(APPEND ${file} "${CMAKE_MATCH_1}\n")
  elseif(line MATCHES "^    (parallax [^#]*)(#.*)?$")
    set(command "${CMAKE_MATCH_1}")
    set(expected 0)
    if("${CMAKE_MATCH_2}" MATCHES "exit ([0-9]+)")
      set(expected ${CMAKE_MATCH_1})
    endif()
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env "PATH=${SCRATCH}/bin:$ENV{PATH}" sh -c "${command}"
      WORKING_DIRECTORY ${SCRATCH}/work
      RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
    math(EXPR played "${played} + 1")
    if(NOT code EQUAL expected)
      message(SEND_ERROR "${command}: expected exit code ${expected}, got ${code}\n${out}${err}")
    endif()
  elseif(NOT line STREQUAL "")
    set(file "")
  endif()
endforeach()
if(played LESS AT_LEAST)
  message(SEND_ERROR "expected at least ${AT_LEAST} commands in ${PAGE}, found ${played}")
endif()
