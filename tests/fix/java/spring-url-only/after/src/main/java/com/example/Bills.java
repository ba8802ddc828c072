package com.example;

import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpEntity;
import org.springframework.util.LinkedMultiValueMap;
import java.util.Collections;

public class Bills {
    private final RestTemplate rest = new RestTemplate();
    private final String token = System.getenv("ZOHO_AUTHTOKEN");

    public String list() {
        String uri = UriComponentsBuilder.fromHttpUrl("https://books.zoho.com/api/v3/bills")
                .queryParam("organization_id", "10234695")
                .toUriString();
        return rest.exchange(uri, HttpMethod.GET, new HttpEntity<Void>(new LinkedMultiValueMap<String, String>(Collections.singletonMap("Authorization", Collections.singletonList("Zoho-oauthtoken " + ZohoAccessToken.get())))), String.class).getBody();
    }

    public ResponseEntity<String> one(String id) {
        return rest.exchange("https://books.zoho.com/api/v3/bills/{id}?organization_id=10234695", HttpMethod.GET, new HttpEntity<Void>(new LinkedMultiValueMap<String, String>(Collections.singletonMap("Authorization", Collections.singletonList("Zoho-oauthtoken " + ZohoAccessToken.get())))), String.class, id);
    }
}
