package com.example;

import java.net.URI;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.util.UriComponentsBuilder;

class Spring {
    private final RestTemplate rest = new RestTemplate();

    String set(String token) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        headers.add("orgId", "1");
        return rest.exchange("https://desk.zoho.com/api/v1/tickets", HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
    }

    String add(String token) {
        HttpHeaders headers = new HttpHeaders();
        headers.add(HttpHeaders.AUTHORIZATION, "Zoho-oauthtoken " + ZohoAccessToken.get());
        return rest.exchange("https://desk.zoho.com/api/v1/tickets", HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
    }

    String query(String token) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        headers.add("Accept", "application/json");
        URI uri = UriComponentsBuilder.fromHttpUrl("https://books.zoho.com/api/v3/invoices")
                .queryParam("organization_id", "1")
                .build().toUri();
        return rest.exchange(uri, HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
    }

    String get(String token) {
        return rest.getForObject("https://books.zoho.com/api/v3/invoices?authtoken=" + token + "&organization_id=1", String.class);
    }
}
