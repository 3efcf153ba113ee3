# What a test of the binary expects: its exit code, and what stands in what it says. Both streams go to `out` and `err`.
function(expect_code code)
  execute_process(COMMAND ${PARALLAX} ${ARGN} WORKING_DIRECTORY ${SCRATCH}
                  RESULT_VARIABLE found OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT found STREQUAL code)
    message(SEND_ERROR "parallax ${ARGN}: exit code ${found}, expected ${code}\n${out}${err}")
  endif()
  set(out "${out}" PARENT_SCOPE)
  set(err "${err}" PARENT_SCOPE)
endfunction()

function(expect_text text part)
  string(FIND "${text}" "${part}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "expected '${part}' in\n${text}")
  endif()
endfunction()
