module github.com/xk6-fetch/xk6-fetch

go 1.25.0

require go.k6.io/k6/v2 v2.2.0
