// Package operator tests the manifests in examples/cluster against k6-operator: its types, its CRD, and what it makes of
// them.
package operator
