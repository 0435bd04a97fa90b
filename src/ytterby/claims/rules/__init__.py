# SPDX-License-Identifier: Apache-2.0
"""The rules, by what they look at; each is a function from a statement, the facts and a solved case to a finding."""
