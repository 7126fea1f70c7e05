// Package distribution tests what needs several k6 instances: tests that are distributed over them.
package distribution
