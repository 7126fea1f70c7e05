"""Requests made one after another with requests: URL, how many."""

import sys

import requests

url, count = sys.argv[1], int(sys.argv[2])
with requests.Session() as session:
    for _ in range(count):
        response = session.get(url)
        assert response.status_code == 200 and response.content
