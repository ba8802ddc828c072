package com.example;

import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.util.UriComponentsBuilder;

public class Bills {
    private final RestTemplate rest = new RestTemplate();
    private final String token = System.getenv("ZOHO_AUTHTOKEN");

    public String list() {
        String uri = UriComponentsBuilder.fromHttpUrl("https://books.zoho.com/api/v3/bills")
                .queryParam("authtoken", token)
                .queryParam("organization_id", "10234695")
                .toUriString();
        return rest.getForObject(uri, String.class);
    }

    public ResponseEntity<String> one(String id) {
        return rest.getForEntity("https://books.zoho.com/api/v3/bills/{id}?organization_id=10234695&authtoken=" + token, String.class, id);
    }
}
